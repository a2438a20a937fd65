"""What tables show, and in which shape."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from newscrawl.dataset.articles import ArticleStore
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.runs import begin_run, end_run
from newscrawl.items import Article
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.report.details import Details
from newscrawl.report.figures import figures
from newscrawl.report.steps import Shell
from newscrawl.report.tables import LONG, Table, of_fields, tables
from newscrawl.store.schema import coverage

POLICY = RevisitPolicy(3600.0, 86_400.0)


def stored(connection: Any, site: str, *articles: dict[str, Any]) -> None:
    store, sign = ArticleStore(""), DedupePipeline().process_item
    for number, values in enumerate(articles):
        made = Article(url=f"https://{site}/{number}/", headline=f"Story {number}")
        made.text = f"Text of {site}, number {number}."
        for name, value in values.items():
            setattr(made, name, value)
        store.store(connection, sign(clean(made)))


def covered(connection: Any, missing: int) -> None:
    """A run of ten articles of which some had no author."""
    run = begin_run(
        connection, spider="site", sites=["a.example"], arguments={}, version="", policy=POLICY
    ).run
    end_run(connection, run, "finished")
    fields = {"authors": {"html": [10 - missing, ""], "": [missing, ""]}}
    connection.execute(
        insert(coverage).values(run=run, site="a.example", articles=10, fields=fields)
    )


def texts(table: Table, first: str) -> list[str]:
    (row,) = [row for row in table.rows if row[0].text == first]
    return [cell.text for cell in row]


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


def test_fields_are_counted_over_all_sites_and_by_site_the_largest_first(db):
    stored(db, "a.example", {"authors": ["Ada Lamb"], "tags": ["tide"]}, {})
    stored(db, "b.example", {"authors": ["Bo Finch"], "comments": []}, {}, {})
    everything, *sites = of_fields(figures(db, []))
    assert texts(everything, "authors") == ["authors", "2", "40.0%"]
    assert [table.caption for table in sites] == ["b.example: 3 articles", "a.example: 2 articles"]
    assert texts(sites[0], "authors") == ["authors", "1", "33.3%"]
    assert texts(sites[1], "tags") == ["tags", "1", "50.0%"]
    assert texts(everything, "comments") == ["comments", "0", "0.0%"]


def test_the_fields_of_a_single_site_are_shown_once(db):
    stored(db, "a.example", {})
    assert len(of_fields(figures(db, []))) == 1


def test_copies_count_in_no_field(db):
    same = {"text": "The same text on two pages of this site."}
    stored(db, "a.example", same, same)
    (table,) = of_fields(figures(db, []))
    assert texts(table, "headline") == ["headline", "1", "100.0%"]


def test_fields_of_a_users_own_have_rows_too(db):
    stored(db, "a.example", {"extra": {"price": 3, "mood": ""}}, {})
    (table,) = of_fields(figures(db, []))
    assert texts(table, "price") == ["price", "1", "50.0%"]
    assert "mood" not in [row[0].text for row in table.rows]


def test_how_a_field_went_over_the_runs_is_drawn_and_told(db):
    stored(db, "a.example", {})
    for missing in (0, 5):
        covered(db, missing)
    (table,) = of_fields(figures(db, []))
    assert texts(table, "authors")[-1] == "from 100% to 50% in 2 runs"


def test_a_table_is_long_only_beyond_so_many_rows(db):
    stored(db, "a.example", *[{}] * LONG)
    found = figures(db, [])
    assert not tables(found, Details(found, Shell()))["latest"].is_long
    stored(db, "b.example", {})
    found = figures(db, [])
    assert tables(found, Details(found, Shell()))["latest"].is_long


def test_what_is_not_known_is_called_so_and_a_column_without_a_word_is_left_out(db):
    stored(
        db, "a.example", {"sections": ["Harbour"]}, {"published": datetime(2025, 3, 3, tzinfo=UTC)}
    )
    found = figures(db, [])
    table = tables(found, Details(found, Shell()))["latest"]
    assert list(table.columns) == ["headline", "section", "published", "stored"]
    assert sorted(row[2].text for row in table.rows) == ["2025-03-03 00:00", "not known"]


def test_small_sections_are_one_row_and_none_is_lost(db):
    stored(db, "a.example", *[{"sections": [f"Section {at}"]} for at in range(14)])
    found = figures(db, [])
    table = tables(found, Details(found, Shell()))["sections"]
    assert table.rows[-1][0].text == "4 more"
    assert sum(int(row[1].text) for row in table.rows) == 14
