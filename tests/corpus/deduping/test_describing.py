"""What a corpus says of its dataset, to people and to programs."""

from __future__ import annotations

import json

import pytest

from newscrawl.corpus.deduping import describing
from newscrawl.corpus.deduping.describing import describe
from newscrawl.corpus.layout import Layout
from tests.corpus.files import write_files
from tests.corpus.running import Building, rows_of
from tests.corpus.test_build import do


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Layout:
    folder = tmp_path_factory.mktemp("described")
    write_files(folder / "in", files=3, pages=30, sites=3)
    building = Building(folder / "out", folder / "in", "--jobs=1")
    building.run()
    ended = do("dedupe", folder / "out", "--jobs=1")
    assert ended.returncode == 0, ended.stderr
    return building.layout


def test_the_card_says_what_is_in_the_dataset(corpus):
    card = (corpus.dataset / "README.md").read_text()
    number = sum(rows_of(corpus).values())
    assert f"{number:,} rows, published 2025-10-" in card
    assert "Filters: copies: marked." in card
    assert "| site-00.example |" in card
    assert "recall" not in card
    assert "| `headline` | text | 100.0% |" in card
    assert card.count("| articles/shard-00") == 3


def test_programs_are_told_of_all_files_as_one_table(corpus):
    told = json.loads((corpus.dataset / "croissant.json").read_text())
    files, fields = told["distribution"][-1], told["recordSet"][0]["field"]
    assert (files["@type"], files["includes"]) == ("cr:FileSet", "articles/*.parquet")
    assert {field["source"]["fileSet"]["@id"] for field in fields if "source" in field} == {"files"}


def test_of_very_many_files_a_pattern_is_named(corpus, monkeypatch):
    monkeypatch.setattr(describing, "MOST_FILES", 2)
    describe(corpus.dataset, {}, memory="1GB", jobs=1)
    told = json.loads((corpus.dataset / "croissant.json").read_text())
    assert [each["@type"] for each in told["distribution"]] == ["cr:FileSet"]
    assert "| articles/\\*.parquet |" in (corpus.dataset / "README.md").read_text()
    assert not (corpus.dataset / "datapackage.json").exists()
