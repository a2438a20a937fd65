"""Where exports, reports and backups were written, so that an erasure finds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.String(35).with_variant(sa.String(35, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "outputs",
        sa.Column("host", WORDS, nullable=False),
        sa.Column("path", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("host", "path", name=op.f("pk_outputs")),
    )
