"""The job of a service such as scrapyd that started a run; what an own item says beyond the schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("runs") as table:
        table.add_column(sa.Column("job", WORDS, nullable=True))
    with op.batch_alter_table("articles") as table:
        table.add_column(sa.Column("extra", sa.JSON(), nullable=False, server_default="{}"))
