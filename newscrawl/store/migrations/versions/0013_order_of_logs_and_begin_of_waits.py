"""The order in which the parts of logs were begun; when a host's wait began.

Both were told from the clock, which may have been wrong: SQLite still knows in which order the
parts were begun. A wait from before is believed for as long as the longest that a host can set.
What is due is found by the index alone, also where its time lies ahead of its interval.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LONGEST_WAIT = 7 * 86_400.0


def upgrade() -> None:
    is_done = sa.text("state = 'done'")
    op.drop_index("ix_pages_due", "pages")
    op.create_index(
        "ix_pages_due",
        "pages",
        ["site", "due", "interval"],
        sqlite_where=is_done,
        postgresql_where=is_done,
    )
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    order = "rowid" if is_sqlite else "sealed DESC, day, part"
    parts = connection.execute(sa.text(f"SELECT path FROM logs ORDER BY {order}")).scalars().all()  # noqa: S608 - ours
    with op.batch_alter_table("logs") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    for number, path in enumerate(parts, 1):
        connection.execute(
            sa.text("UPDATE logs SET number = :number WHERE path = :path"),
            {"number": number, "path": path},
        )
    with op.batch_alter_table("logs") as table:
        table.alter_column("number", server_default=None)
    with op.batch_alter_table("hosts") as table:
        table.add_column(sa.Column("since", sa.Float(), nullable=False, server_default="0"))
    connection.execute(
        sa.text("UPDATE hosts SET since = until - :longest"), {"longest": LONGEST_WAIT}
    )
    with op.batch_alter_table("hosts") as table:
        table.alter_column("since", server_default=None)
