"""CSV files: whole or not at all, and nothing in them that a spreadsheet runs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.exporters.table import write_csv


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_rows_are_counted_and_come_below_their_names(tmp_path):
    path = tmp_path / "t.csv"
    assert write_csv(path, ["site", "number"], [("a, b", 1), ("Größe\n2", None)]) == 2
    assert read(path) == [["site", "number"], ["a, b", "1"], ["Größe\n2", ""]]


def test_times_are_iso_8601(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(path, ["at"], [(datetime(2025, 3, 1, tzinfo=UTC),)])
    assert read(path)[1] == ["2025-03-01T00:00:00+00:00"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_quoted(tmp_path, text):
    path = tmp_path / "t.csv"
    write_csv(path, ["name"], [(text,)])
    assert read(path)[1] == [f"'{text}"]


def test_a_negative_number_stays_a_number(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(path, ["number"], [(-1,)])
    assert read(path)[1] == ["-1"]


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("old")

    def rows() -> Iterator[tuple[str]]:
        yield ("new",)
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError, match="the database is gone"):
        write_csv(path, ["name"], rows())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
