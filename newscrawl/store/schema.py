"""The tables: the ledger (``pages``, ``visits``, ``runs``) and the dataset (``articles`` …).

One schema for SQLite and PostgreSQL, which compares and sorts alike in both. Times
are ISO 8601 text: a publication date keeps the offset of its page, which neither
database's own type does.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, get_type_hints

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    event,
    types,
)

from newscrawl.items import Article

QUEUED, CLAIMED, DONE = "queued", "claimed", "done"
ERASED = "erased"
"""A tombstone: a page that is neither visited nor stored again, see ``upkeep/erasing.py``."""

BYTES = "C"
"""The collation that compares by bytes, as SQLite does; PostgreSQL's default depends on its locale."""
Words = Text().with_variant(Text(collation=BYTES), "postgresql")
Long = BigInteger().with_variant(Integer, "sqlite")
"""64 bits; SQLite's integers always are, and only one called so is a row's number."""


def _short(length: int) -> types.TypeEngine[str]:
    return String(length).with_variant(String(length, collation=BYTES), "postgresql")


class Timestamp(TypeDecorator[datetime]):
    """A datetime with its offset, kept as ISO 8601 text."""

    impl = _short(35)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(
        self,
        value: Any | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


@event.listens_for(metadata, "before_create")
def _for_postgresql(_: MetaData, connection: Connection, **_options: Any) -> None:
    """Let indexes of some rows be such in PostgreSQL too, only now: to say so loads all its dialect."""
    if connection.dialect.name == "postgresql":
        for table in metadata.tables.values():
            for index in table.indexes:
                index.dialect_options["postgresql"]["where"] = index.dialect_kwargs.get(
                    "sqlite_where"
                )


runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("spider", Words, nullable=False),
    Column("sites", JSON, nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("version", Words, nullable=False),
    Column("started", Timestamp, nullable=False),
    Column("finished", Timestamp),
    Column("reason", Words),
    Column("claims", Integer, nullable=False, default=0),
    Column("released", Integer, nullable=False, default=0),
    Column("cycle", Integer, nullable=False),
    Column("outcomes", JSON),
    Column("peak_rss_mb", Integer),
    Column("hosts", JSON(none_as_null=True)),
    Column("alarms", JSON(none_as_null=True)),
    Column("groups", Integer, nullable=False, server_default="0"),
    Column("account", JSON(none_as_null=True)),
    Column("job", Words),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Long, primary_key=True),
    Column("site", Words, nullable=False),
    Column("identity", Words, nullable=False, unique=True),
    Column("url", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("ways", Integer, nullable=False),
    Column("found_on", Long, ForeignKey("pages.id")),
    Column("found_run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", Words, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("last_run", Integer, ForeignKey("runs.id")),
    Column("outcome", Words),
    Column("reason", Words),
    Column("article_id", Words),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("lastmod", Words),
    Column("failures", Integer, nullable=False, default=0),
    Column("interval", Float),
    Column("due", Float),
    Column("hops", Integer, nullable=False, server_default="0"),
)
Index(
    "ix_pages_due",
    pages.c.site,
    pages.c.due,
    pages.c.interval,
    sqlite_where=pages.c.state == DONE,
)
Index(
    "ix_pages_frontier",
    pages.c.site,
    pages.c.priority.desc(),
    pages.c.id,
    sqlite_where=pages.c.state == QUEUED,
)
Index(
    "ix_pages_claimed",
    pages.c.site,
    sqlite_where=pages.c.state == CLAIMED,
)

leases = Table(
    "leases",
    metadata,
    Column("site", Words, primary_key=True),
    Column("run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("host", Words, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("heartbeat", Float, nullable=False),
)

ticks = Table(
    "ticks",
    metadata,
    Column("job", Words, primary_key=True),
    Column("at", Float, nullable=False),
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", Words, primary_key=True),
    Column("until", Float, nullable=False),
    Column("delay", Float, nullable=False),
    Column("reason", Words, nullable=False),
    Column("since", Float, nullable=False),
)

archives = Table(
    "archives",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", Words, nullable=False, unique=True),
    Column("site", Words, nullable=False, index=True),
    Column("run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("part", Integer, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("sealed", Boolean, nullable=False),
)

payloads = Table(
    "payloads",
    metadata,
    Column("site", Words, primary_key=True),
    Column("digest", Words, primary_key=True),
    Column("archive", Integer, ForeignKey("archives.id"), nullable=False, index=True),
    Column("offset", BigInteger, nullable=False),
    Column("url", Words, nullable=False),
    Column("at", Words, nullable=False),
    sqlite_with_rowid=False,
)

visits = Table(
    "visits",
    metadata,
    Column("id", Long, primary_key=True),
    Column("run", Integer, ForeignKey("runs.id"), nullable=False, index=True),
    Column("page", Long, ForeignKey("pages.id"), nullable=False, index=True),
    Column("at", Timestamp, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("reason", Words),
    Column("status", Integer),
    Column("attempts", Integer, nullable=False),
    Column("evidence", JSON(none_as_null=True)),
    Column("seconds", Float),
    Column("archive", Integer, ForeignKey("archives.id")),
    Column("offset", BigInteger),
)
Index(
    "ix_visits_archive",
    visits.c.archive,
    sqlite_where=visits.c.archive.is_not(None),
)

_SCALARS: dict[Any, Any] = {
    str: Words,
    bool: Boolean,
    int: Long,
    float: Float,
    datetime: Timestamp,
}


_EMPTY = {"extra": "{}", "doubts": "[]"}
"""What articles have in columns that came later, until they are read again."""


def _article_columns() -> list[Column[Any]]:
    hints = get_type_hints(Article)
    columns: list[Column[Any]] = []
    for field in fields(Article):
        hint = hints[field.name]
        options = [part for part in getattr(hint, "__args__", ()) if part is not type(None)]
        optional = type(None) in getattr(hint, "__args__", ())
        listed = JSON(none_as_null=True) if optional else JSON
        scalar = _SCALARS.get(options[0] if optional else hint, listed)
        columns.append(
            Column(
                field.name,
                scalar,
                primary_key=field.name == "id",
                nullable=optional,
                server_default=_EMPTY.get(field.name),
            )
        )
    return columns


articles = Table(
    "articles",
    metadata,
    *_article_columns(),
    Column("changed_run", Integer, nullable=False, server_default="0"),
    Column("extractor", Words),
    Index("ix_articles_content", "content_hash", "site"),
    Index("ix_articles_duplicate_of", "duplicate_of"),
    Index("ix_articles_counts", "site", "duplicate_of"),
)

scopes = Table(
    "scopes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
)

contents = Table(
    "contents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", Integer, ForeignKey("scopes.id"), nullable=False),
    Column("content_hash", Words, nullable=False),
    Column("sampled", Integer, nullable=False),
    Index("ix_contents_hash", "scope", "content_hash", unique=True),
)

shingles = Table(
    "shingles",
    metadata,
    Column("scope", Integer, primary_key=True),
    Column("hash", BigInteger, primary_key=True),
    Column("content", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

aliases = Table(
    "aliases",
    metadata,
    Column("identity", Words, primary_key=True),
    Column("article_id", Words, ForeignKey("articles.id"), nullable=False, index=True),
)

rebuilds = Table(
    "rebuilds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", Words, nullable=False),
    Column("indexed", Boolean, nullable=False),
    Column("after", Words, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("article_id", Words, ForeignKey("articles.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("last_seen", Timestamp, nullable=False),
    Column("headline", Words, nullable=False),
    Column("subtitle", Words),
    Column("authors", JSON, nullable=False),
    Column("published", Timestamp),
    Column("text", Words, nullable=False),
    Column("revision_hash", Words, nullable=False),
)

logs = Table(
    "logs",
    metadata,
    Column("path", Words, primary_key=True),
    Column("site", Words, nullable=False, index=True),
    Column("day", _short(10), nullable=False),
    Column("part", Integer, nullable=False),
    Column("length", Long, nullable=False),
    Column("sealed", Boolean, nullable=False),
    Column("number", Integer, nullable=False),
)

outputs = Table(
    "outputs",
    metadata,
    Column("host", Words, primary_key=True),
    Column("path", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("at", Timestamp, nullable=False),
)

coverage = Table(
    "coverage",
    metadata,
    Column("run", Integer, ForeignKey("runs.id"), primary_key=True),
    Column("site", Words, primary_key=True),
    Column("articles", Integer, nullable=False),
    Column("fields", JSON, nullable=False),
    Index("ix_coverage_site", "site", "run"),
)
