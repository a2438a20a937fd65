"""Private names of other libraries: each is listed, with what would end its use."""

from __future__ import annotations

import re
import tomllib
from pkgutil import resolve_name

import pytest
from packaging.requirements import Requirement

from tests.architecture.house import ROOT
from tests.architecture.private import Use, importable, is_private, listed, uses

USES = sorted(uses())
ROWS = listed()
NO_CAP = {"lxml"}
"""A type only, which no release takes away from those who run."""


def libraries() -> set[str]:
    """The libraries of the list, by the first word of each row."""
    page = (ROOT.parent / "docs" / "why" / "dependencies.md").read_text(encoding="utf-8")
    rows = page.partition("## Private names of other libraries")[2]
    return {name.lower() for name in re.findall(r"^\| ([\w-]+): ", rows, re.MULTILINE)}


@pytest.mark.parametrize("use", USES, ids="-".join)
def test_a_private_name_that_is_used_is_listed_with_its_file(use):
    assert [row for row in ROWS if use.file in row.files and use.name in row.names]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(sorted(row.names | row.files)))
def test_what_is_listed_is_used_and_has_a_way_out(row):
    assert row.names <= {use.name for use in USES if use.file in row.files}
    assert not row.names or row.files <= {use.file for use in USES if use.name in row.names}
    assert row.way_out.strip()


@pytest.mark.parametrize("path", importable())
def test_what_is_imported_or_overridden_is_there(path):
    resolve_name(path)


def test_whose_private_names_are_used_is_capped_below_the_next_release_that_may_change_them():
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = map(Requirement, [*project["dependencies"], *extras["browser"], *extras["worker"]])
    capped = {each.name for each in needed if any(one.operator == "<" for one in each.specifier)}
    assert libraries() - NO_CAP <= capped


@pytest.mark.parametrize("name", ["_pool", "_Element", "_newclient"])
def test_a_private_name_is_told_from_a_public_one(name):
    assert is_private(name)
    assert not is_private(f"_{name}__")
    assert not is_private(name.lstrip("_"))


def test_the_ways_to_use_a_private_name_are_all_seen():
    assert set(USES) >= {
        Use("middlewares/http.py", "_newclient"),
        Use("middlewares/http.py", "_factory"),
        Use("middlewares/unpacking.py", "_decode"),
        Use("middlewares/redirect.py", "_scheme_proxy"),
        Use("scheduler.py", "_slot"),
        Use("commands/crawl.py", "_create_crawler"),
    }
