from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from newscrawl.items import Article
from newscrawl.store import migrations
from newscrawl.store.database import HEAD, _upgrade, connect, migrate
from newscrawl.store.schema import articles, metadata


def test_migrations_lead_to_the_schema():
    with connect("sqlite://").begin() as connection:
        _upgrade(connection)
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_a_new_database_has_the_newest_revision(engine):
    with engine.begin() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert found == HEAD == scripts.get_current_head()


def test_a_database_that_others_use_too_gets_the_schema(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/shared.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE ours (n INTEGER)"))
    migrate(engine)
    assert {"ours", *metadata.tables} <= set(inspect(engine).get_table_names())


def test_the_articles_table_has_the_fields_of_an_article_in_order():
    assert articles.columns.keys() == [field.name for field in fields(Article)]


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
