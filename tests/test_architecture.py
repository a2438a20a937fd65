"""The floors of the house: imports go down only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import newscrawl

ROOT = Path(newscrawl.__file__).parent
FLOORS = {
    1: ("items", "outcomes", "exit_status", "urls", "traps", "shapes", "mistakes", "unpacking"),
    2: ("pages", "discovery", "dedup", "store", "archive", "demo"),
    3: ("exporters", "report", "schedule"),
    4: (
        "scheduler",
        "failures",
        "spiders",
        "middlewares",
        "pipelines",
        "extensions",
        "json_log",
        "reextract",
    ),
    5: ("settings", "commands", "logging_command", "database_command", "__main__"),
}
FLOOR_OF = {part: floor for floor, parts in FLOORS.items() for part in parts}
WITHOUT_ENGINE = 2
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}

MODULES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))
PARTS = [module for module in MODULES if module != "__init__.py"]


def part_of(module: str) -> str:
    return module.partition("/")[0].removesuffix(".py")


def parsed(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def imported(module: str) -> Iterator[str]:
    """Dotted names of what a module imports, wherever in it, for type checkers or not."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", PARTS)
def test_every_module_has_a_floor(module):
    assert part_of(module) in FLOOR_OF


@pytest.mark.parametrize("module", PARTS)
def test_imports_go_down(module):
    floor = FLOOR_OF[part_of(module)]
    own = [name.split(".")[1] for name in imported(module) if name.startswith("newscrawl.")]
    assert [part for part in own if FLOOR_OF.get(part, 0) > floor] == []


@pytest.mark.parametrize("module", MODULES)
def test_imports_are_absolute(module):
    relative = (node for node in ast.walk(parsed(module)) if isinstance(node, ast.ImportFrom))
    assert [node.lineno for node in relative if node.level] == []


@pytest.mark.parametrize(
    "module", [module for module in PARTS if FLOOR_OF.get(part_of(module), 0) <= WITHOUT_ENGINE]
)
def test_the_lower_floors_know_nothing_of_the_engine(module):
    engine = [name for name in imported(module) if name.partition(".")[0] in {"scrapy", "twisted"}]
    assert [name for name in engine if not name.startswith("scrapy.exceptions.")] == []


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_a_drawer(module):
    assert DRAWERS.isdisjoint(module.removesuffix(".py").split("/"))


@pytest.mark.parametrize("module", MODULES)
def test_no_function_rebinds_a_global(module):
    rebound = (node for node in ast.walk(parsed(module)) if isinstance(node, ast.Global))
    assert [node.lineno for node in rebound] == []


@pytest.mark.parametrize("module", MODULES)
def test_annotations_are_postponed(module):
    body = parsed(module).body
    code = [node for node in body if not isinstance(node, (ast.Expr, ast.Assign))]
    if module.endswith("__init__.py") and not code:
        return
    assert "__future__.annotations" in imported(module)
    assert isinstance(code[0], ast.ImportFrom)
    assert code[0].module == "__future__"
