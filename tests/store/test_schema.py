from __future__ import annotations

from dataclasses import fields

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from newscrawl.items import Article
from newscrawl.store.database import connect
from newscrawl.store.schema import articles, metadata


def test_migrations_lead_to_the_schema(engine):
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


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
