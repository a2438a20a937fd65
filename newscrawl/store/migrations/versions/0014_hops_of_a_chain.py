"""How many redirects led to a page one after the other.

Of what was found before, chains are counted from there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pages") as table:
        table.add_column(sa.Column("hops", sa.Integer(), nullable=False, server_default="0"))
