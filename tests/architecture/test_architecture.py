"""The laws of the house."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.house import (
    MOST_FILES,
    ORDER,
    ROOT,
    circles,
    circles_of,
    imported,
    modules,
    parsed,
    room_of,
    rooms,
    upward,
    without_docstring,
)

WITH_ENGINE = "verdict"
"""The first room that may know of Scrapy: what lies below can be used without it."""
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}
MODULES = list(modules())
INSIDE = [module for module in MODULES if module != "newscrawl.__init__"]


@pytest.mark.parametrize("module", INSIDE)
def test_every_module_has_a_room(module):
    assert room_of(module) in ORDER


def test_every_room_is_there():
    assert {room_of(module) for module in INSIDE} == set(ORDER)


def test_imports_go_down():
    assert upward() == []


def test_no_modules_import_each_other():
    assert circles() == []


def test_a_circle_over_a_detour_is_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert circles_of(graph) == [["b", "c"]]


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_is_taken_in_at_a_glance(room):
    assert len(rooms()[room]) <= MOST_FILES


def test_every_module_says_what_it_is_for():
    assert without_docstring() == []


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_says_its_question_and_its_front_door(room):
    said = ast.get_docstring(parsed(f"newscrawl.{room}.__init__")) or ""
    assert said.splitlines()[0].endswith("?")
    assert "Front door: " in said


@pytest.mark.parametrize("room", sorted(rooms()))
def test_the_docs_list_every_room(room):
    page = (ROOT.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert f"`{room.replace('.', '/')}/`" in page


@pytest.mark.parametrize("module", MODULES)
def test_imports_are_absolute(module):
    relative = (node for node in ast.walk(parsed(module)) if isinstance(node, ast.ImportFrom))
    assert [node.lineno for node in relative if node.level] == []


@pytest.mark.parametrize(
    "module",
    [
        module
        for module in INSIDE
        if ORDER[room_of(module)] < ORDER[WITH_ENGINE] and room_of(module) != "failures"
    ],
)
def test_the_lower_floors_know_nothing_of_the_engine(module):
    engine = [name for name in imported(module) if name.partition(".")[0] in {"scrapy", "twisted"}]
    assert [name for name in engine if not name.startswith("scrapy.exceptions.")] == []


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_a_drawer(module):
    assert DRAWERS.isdisjoint(module.split("."))


@pytest.mark.parametrize("module", MODULES)
def test_no_function_rebinds_a_global(module):
    rebound = (node for node in ast.walk(parsed(module)) if isinstance(node, ast.Global))
    assert [node.lineno for node in rebound] == []


@pytest.mark.parametrize("module", MODULES)
def test_annotations_are_postponed(module):
    body = parsed(module).body
    code = [node for node in body if not isinstance(node, (ast.Expr, ast.Assign))]
    if module.endswith("__init__") and not code:
        return
    assert "__future__.annotations" in imported(module)
    assert isinstance(code[0], ast.ImportFrom)
    assert code[0].module == "__future__"
