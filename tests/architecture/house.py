"""The rooms of the house from the ground up, and what can be measured of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import NamedTuple

import newscrawl

ROOT = Path(newscrawl.__file__).parent
FLOORS = (
    (
        "answer",
        "items",
        "outcomes",
        "own_items",
        "exit_status",
        "mistakes",
        "unpacking",
        "unredirected",
        "charset",
        "normal_forms",
        "url_parts",
        "failures",
        "zones",
        "dates",
    ),
    ("processes", "discovery", "addresses"),
    ("dedup", "demo.content", "demo.rendering", "demo.odd", "demo", "store"),
    (
        "pages.core",
        "pages.documents",
        "pages.judging",
        "pages.bodies",
        "pages.fields",
        "pages.threads",
        "pages",
    ),
    ("frontier", "dataset", "archive", "history", "search"),
    ("verdict", "terminal", "report", "exporters", "schedule", "upkeep", "events"),
    ("session",),
    ("scheduler", "politeness", "extensions", "middlewares", "browsing", "pipelines"),
    (
        "arguments",
        "corpus.capturing",
        "spiders",
        "probing",
        "reextract",
        "recording",
        "browse",
        "corpus",
        "corpus.deduping",
        "corpus.reporting",
        "corpus.executors",
        "corpus.actions",
    ),
    (
        "settings",
        "commands.recorded",
        "commands.tools",
        "commands.looking",
        "commands.telling",
        "commands",
        "addon",
        "__main__",
    ),
)
"""Rooms, and files that stand alone, each with what it may import before it."""
ORDER = {room: place for place, room in enumerate(room for floor in FLOORS for room in floor)}
MIGRATIONS = "newscrawl.store.migrations"
MOST_FILES = 15


class Function(NamedTuple):
    lines: int
    name: str
    """Module and name, ``a.b:function``."""


@cache
def modules() -> dict[str, Path]:
    """Return the files of the project by dotted name; a package's is its ``__init__``."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts)] = path
    return found


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


@cache
def lines(module: str) -> int:
    return len(modules()[module].read_text(encoding="utf-8").splitlines())


def imported(module: str) -> Iterator[str]:
    """Dotted names of what a module imports, wherever in it, for type checkers or not."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imports(module: str) -> frozenset[str]:
    """Return the modules of the project that a module imports."""
    known = modules()
    found = set()
    for name in imported(module):
        candidates = (name, name.rpartition(".")[0], f"{name}.__init__")
        found.update([each for each in candidates if each in known][:1])
    return frozenset(found - {module})


def room_of(module: str) -> str:
    """Return the package of a module, or its own name where it stands alone."""
    path = module.removeprefix("newscrawl.").removesuffix(".__init__")
    return path if path in ORDER else package_of(module)


def package_of(module: str) -> str:
    """Return the package of a module, or its own name below the first folder."""
    path = module.removeprefix("newscrawl.").removesuffix(".__init__")
    if module.startswith(MIGRATIONS):
        return "store"
    if module.endswith(".__init__") or "." not in path:
        return path
    return path.rpartition(".")[0]


def rooms() -> dict[str, list[str]]:
    """Return the packages with their modules, without ``__init__`` and migrations."""
    found: dict[str, list[str]] = {}
    for module in modules():
        room = package_of(module)
        if f"newscrawl.{room}.__init__" not in modules():
            continue
        inside = found.setdefault(room, [])
        if not module.endswith("__init__") and not module.startswith(MIGRATIONS):
            inside.append(module)
    return found


def upward() -> list[tuple[str, str]]:
    """Return the imports between rooms that do not go to a room named before."""
    return [
        (module, other)
        for module in modules()
        for other in imports(module)
        if other != "newscrawl.__init__"
        and room_of(module) != room_of(other)
        and ORDER.get(room_of(other), -1) >= ORDER.get(room_of(module), len(ORDER))
    ]


def circles() -> list[list[str]]:
    """Return the groups of modules that import each other, by whatever detour."""
    return circles_of({module: imports(module) for module in modules()})


def circles_of(graph: Mapping[str, AbstractSet[str]]) -> list[list[str]]:
    """Return the groups of nodes that reach each other."""
    reach = {node: _reached(graph, node) for node in graph}
    groups = {frozenset(other for other in reach[node] if node in reach[other]) for node in graph}
    return sorted(sorted(group) for group in groups if group)


def _reached(graph: Mapping[str, AbstractSet[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph.get(node, ())
    return found


def functions() -> list[Function]:
    """Return all functions, the longest first."""
    found = [
        Function((node.end_lineno or 0) - node.lineno + 1, f"{module}:{node.name}")
        for module in modules()
        if not module.startswith(MIGRATIONS)
        for node in ast.walk(parsed(module))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    return sorted(found, reverse=True)


def without_docstring() -> list[str]:
    """Return the modules and packages that do not say what they are for."""
    return [module for module in modules() if not ast.get_docstring(parsed(module))]
