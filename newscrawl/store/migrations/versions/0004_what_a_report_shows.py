"""Gaps between requests and alarms of a run, and how long each answer took."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("hosts", sa.JSON(), nullable=True))
    op.add_column("runs", sa.Column("alarms", sa.JSON(), nullable=True))
    op.add_column("visits", sa.Column("seconds", sa.Float(), nullable=True))
