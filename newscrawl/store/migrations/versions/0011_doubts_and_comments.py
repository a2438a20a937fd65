"""How sure the text of an article is, readers' comments and the entries of live blogs.

Unknown of what was stored before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("articles") as table:
        table.add_column(sa.Column("confidence", sa.Float(), nullable=True))
        table.add_column(sa.Column("doubts", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("comments", sa.JSON(), nullable=True))
        table.add_column(sa.Column("posts", sa.JSON(), nullable=True))
