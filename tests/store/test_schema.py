from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from newscrawl.items import Article
from newscrawl.store import migrations
from newscrawl.store.database import HEAD, VERSION, _upgrade, connect, migrate
from newscrawl.store.schema import articles, metadata

SCRIPTS = ScriptDirectory(str(Path(migrations.__file__).parent))
REVISIONS = sorted(script.revision for script in SCRIPTS.walk_revisions())
RUN = "INSERT INTO runs (id, spider, sites, arguments, version, started, claims, released, cycle)"
PAGE = (
    "INSERT INTO pages (id, site, identity, url, kind, ways, found_run, depth, priority, state,"
    " claims, failures, article_id)"
)
VISIT = "INSERT INTO visits (run, page, at, outcome, attempts)"
ARTICLE = """INSERT INTO articles (id, url, canonical_url, site, headline, authors, sections, tags,
    breadcrumbs, text, html, headings, images, word_count, related_urls, content_hash,
    revision_hash, revision, found_via, provenance)"""
OLD = (
    *(f"{RUN} VALUES ({n}, 's', '[]', '{{}}', '', '2025-01-01', 0, 0, 1)" for n in (1, 2, 3)),
    f"{PAGE} VALUES (1, 'a', 'a', 'a', 'related', 1, 1, 0, 0, 'done', 1, 0, 'a')",
    *(
        f"{VISIT} VALUES ({run}, 1, '2025-01-01', '{outcome}', 1)"
        for run, outcome in ((1, "article"), (2, "revision"), (3, "unchanged"))
    ),
    *(
        f"{ARTICLE} VALUES ('{key}', '', '', '', '', '[]', '[]', '[]', '[]', '', '', '[]', '[]',"
        " 0, '[]', '', '', 1, '', '{}')"
        for key in "ab"
    ),
)
"""What a database of the schema before held: an article that its page tells of, and one without."""


@pytest.fixture
def empty(empty_database: str):
    engine = connect(empty_database)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_migrations_lead_to_the_schema_from_every_revision(empty, revision):
    with empty.begin() as connection:
        _upgrade(connection, revision)
    migrate(empty)
    with empty.begin() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        migrated = described(connection)
        for table in (VERSION, *reversed(metadata.sorted_tables)):
            table.drop(connection)
    migrate(empty)
    with empty.begin() as connection:
        assert described(connection) == migrated


def described(connection: Connection) -> dict[tuple[str, str], str]:
    """The types of columns, with collations, and of what numbers rows."""
    found = {
        (table, column["name"]): column["type"].compile(connection.dialect)
        for table in metadata.tables
        for column in inspect(connection).get_columns(table)
    }
    if connection.dialect.name == "postgresql":
        query = text("SELECT sequence_name, '', data_type FROM information_schema.sequences")
        found.update(((table, name), type_) for table, name, type_ in connection.execute(query))
    return found


def test_a_new_database_has_the_newest_revision(engine):
    with engine.begin() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    assert found == HEAD == SCRIPTS.get_current_head()


def test_a_database_that_others_use_too_gets_the_schema(empty):
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE ours (n INTEGER)"))
    migrate(empty)
    assert {"ours", *metadata.tables} <= set(inspect(empty).get_table_names())


def test_the_articles_table_has_the_fields_of_an_article_in_order():
    names = [field.name for field in fields(Article)]
    assert articles.columns.keys() == [*names, "changed_run", "extractor"]


@pytest.mark.parametrize(
    ("url", "options", "message"),
    [
        ("no database", {}, "NEWSCRAWL_DATABASE_URL"),
        ("sqlite://", {"synchronous": "MAYBE"}, "NEWSCRAWL_SYNCHRONOUS"),
    ],
)
def test_bad_settings_are_named(url, options, message):
    with pytest.raises(ValueError, match=message):
        connect(url, **options)


def test_articles_stored_before_are_put_down_to_the_run_that_stored_them(empty):
    with empty.begin() as connection:
        _upgrade(connection, "0002")
        for statement in OLD:
            connection.execute(text(statement))
    migrate(empty)
    with empty.begin() as connection:
        changed = connection.execute(text("SELECT id, changed_run FROM articles ORDER BY id")).all()
        assert [tuple(row) for row in changed] == [("a", 2), ("b", 0)]
