from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, literal, select

from newscrawl.terminal.json_text import json_text


def test_times_are_written_in_iso_8601():
    assert json.loads(json_text({"at": datetime(2025, 3, 1, 8, 30, tzinfo=UTC)})) == {
        "at": "2025-03-01T08:30:00+00:00"
    }


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_null_wherever_it_stands(value):
    assert json.loads(json_text([{"share": value}, (value, 1.5)])) == [
        {"share": None},
        [None, 1.5],
    ]


def test_a_row_is_an_object_with_the_names_of_its_columns():
    with create_engine("sqlite://").connect() as connection:
        rows = connection.execute(select(literal(3).label("pages"), literal("a").label("site")))
        assert json.loads(json_text(rows.mappings().all())) == [{"pages": 3, "site": "a"}]


def test_letters_of_all_languages_stay_as_they_are():
    assert "Zoë Brontë" in json_text({"author": "Zoë Brontë"})
