"""Readers' comments and the entries of live blogs, where a page marks them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("articles") as table:
        table.add_column(sa.Column("comments", sa.JSON(), nullable=True))
        table.add_column(sa.Column("posts", sa.JSON(), nullable=True))
