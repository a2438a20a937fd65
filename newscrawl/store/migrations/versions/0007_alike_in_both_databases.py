"""PostgreSQL compares text by bytes and counts to 2⁶³, as SQLite always does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    *("aliases", "articles", "contents", "coverage", "hosts", "leases", "logs", "pages"),
    *("rebuilds", "revisions", "runs", "scopes", "ticks", "visits"),
)
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
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    for table in TABLES:
        types = dict.fromkeys(NUMBERS.get(table, ()), "bigint")
        for column in sa.inspect(bind).get_columns(table):
            if isinstance(column["type"], sa.String):
                length = column["type"].length
                plain = f"varchar({length})" if length else "text"
                types[column["name"]] = f'{plain} COLLATE "C"'
        each = (f'ALTER COLUMN "{name}" TYPE {type_}' for name, type_ in types.items())
        op.execute(sa.text(f'ALTER TABLE "{table}" {", ".join(each)}'))
    for table in COUNTED:
        op.execute(sa.text(f"ALTER SEQUENCE {table}_id_seq AS bigint"))
