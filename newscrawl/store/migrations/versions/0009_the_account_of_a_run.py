"""What a run came to, as it was told at its end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("runs") as table:
        table.add_column(sa.Column("account", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_articles_counts", "articles", ["site", "duplicate_of"])
