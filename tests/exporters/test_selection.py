"""Which articles an export holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from newscrawl.dataset.articles import ArticleStore
from newscrawl.exporters.selection import Selection, batches
from newscrawl.items import FIELDS
from newscrawl.outcomes import Outcome
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import articles
from tests.exporters.conftest import EAST, STORIES, article


def rows(connection, **filters: Any) -> list[dict[str, Any]]:
    return [
        dict(zip(FIELDS, row, strict=True))
        for batch in batches(connection, Selection(**filters))
        for row in batch.rows(FIELDS)
    ]


def paths(connection, **filters: Any) -> set[str]:
    return {row["url"].rpartition("/")[2] for row in rows(connection, **filters)}


def test_without_filters_it_is_all_originals(db):
    assert paths(db) == {"ferry", "orchards", "baths", "choir"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"with_copies": True}, {"ferry", "ferry-again", "orchards", "baths", "choir"}),
        ({"sites": ["weekly.example"]}, {"choir"}),
        ({"doubtful": True}, {"baths"}),
        ({"sites": ["weekly.example", "daily.example"]}, {"ferry", "orchards", "baths", "choir"}),
        ({"sections": ["local news"]}, {"ferry"}),
        ({"tags": ["ferry"]}, {"ferry", "baths"}),
        ({"tags": ["ferry"], "languages": ["en"]}, {"ferry"}),
        ({"languages": ["EN", "de"]}, {"ferry", "orchards"}),
        ({"languages": ["en-US"]}, set()),
        ({"since": datetime(2025, 3, 9, tzinfo=UTC)}, {"orchards", "choir"}),
        ({"until": datetime(2025, 3, 9, tzinfo=UTC)}, {"ferry"}),
        ({"since": datetime(2025, 3, 1, 1, 30, tzinfo=EAST)}, {"ferry", "orchards", "choir"}),
        ({"since": datetime(2025, 3, 1, 1, 31, tzinfo=EAST)}, {"orchards", "choir"}),
        ({"until": datetime(2025, 2, 28, 23, 31, tzinfo=UTC)}, {"ferry"}),
    ],
)
def test_a_filter_lets_through_what_it_says(db, filters, expected):
    assert paths(db, **filters) == expected


def test_the_order_is_site_month_id(db):
    found = [(row["site"], (row["published"] or "")[:7], row["id"]) for row in rows(db)]
    assert found == sorted(found)
    assert len(found) == 4


def test_values_are_those_of_the_database(db):
    stored = {row["id"]: row for row in db.execute(select(articles)).mappings()}
    for row in rows(db, with_copies=True):
        for name in FIELDS:
            value = stored[row["id"]][name]
            expected = value.isoformat() if isinstance(value, datetime) else value
            assert row[name] == expected, name


class TestRevisions:
    @pytest.fixture
    def revised(self, db):
        store = ArticleStore("")
        store.run = 2
        for number in (1, 2):
            text = f"{STORIES[1]} Bidders number {number} left early."
            changed = article("/orchards", text, published=datetime(2025, 5, number, tzinfo=UTC))
            assert store.store(db, changed).outcome is Outcome.REVISION
        return db

    def test_stand_before_their_article_with_what_was_kept_of_them(self, revised):
        found = [row for row in rows(revised, with_revisions=True) if "/orchards" in row["url"]]
        assert [row["revision"] for row in found] == [1, 2, 3]
        assert found[0]["text"] == STORIES[1]
        assert found[0]["published"] == "2025-04-02T12:00:00+00:00"
        assert len({row["id"] for row in found}) == 1

    def test_what_was_not_kept_of_them_is_unknown(self, revised):
        first = next(row for row in rows(revised, with_revisions=True) if row["revision"] == 1)
        later = [row for row in rows(revised, with_revisions=True) if "/orchards" in row["url"]]
        assert (later[0]["language"], later[0]["word_count"], later[0]["tags"]) == (None, None, [])
        assert first["provenance"] == {} or first["revision"] == 1

    def test_are_left_out_by_default(self, revised):
        assert len(rows(revised)) == 4


class TestSinceRun:
    def test_everything_has_changed_since_before_the_first(self, db):
        assert len(rows(db, since_run=0)) == 4

    def test_nothing_has_changed_since_the_last(self, db):
        assert rows(db, since_run=1) == []

    def test_only_what_the_later_run_stored_or_revised(self, db):
        store = ArticleStore("")
        store.run = 2
        store.store(db, article("/new", "A lighthouse keeper found a clock from the last century."))
        store.store(db, article("/baths", f"{STORIES[2]} The roof is new."))
        unchanged = store.store(db, article("/orchards", "x"))
        assert unchanged.outcome is Outcome.REVISION
        assert paths(db, since_run=1) == {"new", "baths", "orchards"}

    def test_what_a_later_run_only_saw_again_has_not_changed(self, db):
        store = ArticleStore("")
        store.run = 2
        again = store.store(
            db,
            article(
                "/choir", STORIES[3], "weekly.example", published=datetime(2025, 3, 9, tzinfo=UTC)
            ),
        )
        assert again.outcome is Outcome.UNCHANGED
        assert rows(db, since_run=1) == []

    def test_an_article_that_became_a_copy_has_changed(self, db):
        store = ArticleStore("")
        store.run = 2
        store.store(
            db,
            article(
                "/first", STORIES[3], "weekly.example", published=datetime(2025, 3, 1, tzinfo=UTC)
            ),
        )
        assert paths(db, since_run=1, with_copies=True) == {"first", "choir"}


def test_an_empty_database_gives_nothing(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/empty.db")
    migrate(engine)
    with engine.begin() as connection:
        assert rows(connection) == []
    engine.dispose()
