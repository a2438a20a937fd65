"""PostgreSQL compares text by bytes and counts to 2⁶⁴, as SQLite always does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = {
    "aliases": ("identity", "article_id"),
    "articles": (
        *("id", "url", "canonical_url", "site", "headline", "subtitle", "published_raw"),
        *("language", "text", "html", "source_url", "source_name", "previous_url", "next_url"),
        *("content_hash", "revision_hash", "duplicate_of", "duplicate_kind", "found_via"),
    ),
    "contents": ("content_hash",),
    "coverage": ("site",),
    "hosts": ("host", "reason"),
    "leases": ("site", "host"),
    "logs": ("path", "site"),
    "pages": (
        *("site", "identity", "url", "kind", "state", "outcome", "reason", "article_id"),
        *("etag", "last_modified", "lastmod"),
    ),
    "rebuilds": ("scope", "after"),
    "revisions": ("article_id", "headline", "subtitle", "text", "revision_hash"),
    "runs": ("spider", "version", "reason"),
    "scopes": ("name",),
    "ticks": ("job",),
    "visits": ("outcome", "reason"),
}
TIMES = {
    "articles": ("published", "modified", "first_seen", "last_seen"),
    "revisions": ("last_seen", "published"),
    "runs": ("started", "finished"),
    "visits": ("at",),
}
NUMBERS = {
    "articles": (
        *("reading_minutes", "comment_count", "share_count", "view_count", "word_count"),
        "revision",
    ),
    "logs": ("length",),
    "pages": ("id", "found_on"),
    "visits": ("id", "page"),
}
COUNTED = ("pages", "visits")
"""Tables whose rows the database numbers: each link that is known already takes a number too."""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    changes: dict[str, dict[str, str]] = {}
    for columns, type_ in (
        (TEXT, 'text COLLATE "C"'),
        (TIMES, 'varchar(35) COLLATE "C"'),
        ({"logs": ("day",)}, 'varchar(10) COLLATE "C"'),
        (NUMBERS, "bigint"),
    ):
        for table, names in columns.items():
            changes.setdefault(table, {}).update(dict.fromkeys(names, type_))
    for table, types in changes.items():
        each = (f'ALTER COLUMN "{name}" TYPE {type_}' for name, type_ in types.items())
        op.execute(sa.text(f'ALTER TABLE "{table}" {", ".join(each)}'))
    for table in COUNTED:
        op.execute(sa.text(f"ALTER SEQUENCE {table}_id_seq AS bigint"))
