from __future__ import annotations

from pathlib import Path

import pytest

from tests.quality import floors


def test_a_figure_under_its_floor_and_one_over_its_ceiling_have_fallen():
    limits = {"generic_body_f1": 0.9, "wcxb_not_article_held": 0.1, "absent_f1": 0.5}
    assert floors.fallen({"generic_body_f1": 0.91, "wcxb_not_article_held": 0.09}, limits) == []
    found = {"generic_body_f1": 0.89, "wcxb_not_article_held": 0.11}
    assert floors.fallen(found, limits) == ["generic_body_f1", "wcxb_not_article_held"]


@pytest.mark.parametrize(
    ("name", "before", "figure", "after"),
    [
        ("generic_body_f1", 0.9, 0.95, 0.945),
        ("generic_body_f1", 0.9, 0.8, 0.9),
        ("generic_body_f1", None, 0.95, 0.945),
        ("wcxb_not_article_held", 0.1, 0.05, 0.055),
        ("wcxb_not_article_held", 0.1, 0.2, 0.1),
        ("cost_text", None, 2.0, 5.6),
    ],
)
def test_floors_rise_and_ceilings_sink_and_never_the_other_way(name, before, figure, after):
    limits = {} if before is None else {name: before}
    assert floors.raised({name: figure}, limits) == {name: after}


def test_peers_have_no_floors():
    assert floors.raised({"generic_body_f1_held_trafilatura": 0.9}, {}) == {}


def test_a_page_that_fell_is_named_the_deepest_first():
    before = {"generic": {"a": 0.9, "b": 0.95, "c": 0.9, "gone": 1.0}}
    now = {"generic": {"a": 0.6, "b": 0.1, "c": 0.7, "new": 0.0}}
    assert floors.dropped(now, before) == [
        "fell by 0.85: generic b",
        "fell by 0.30: generic a",
    ]


def test_a_record_keeps_the_sets_that_were_not_read(tmp_path: Path):
    file = tmp_path / "record.json"
    floors.save_record({"generic": {"a": 0.5}, "dates": {"d": 1.0}}, file)
    floors.save_record({"generic": {"b": 0.25}}, file)
    assert floors.load_record(file) == {"dates": {"d": 1.0}, "generic": {"b": 0.25}}
    assert floors.load_record(tmp_path / "none.json") == {}
