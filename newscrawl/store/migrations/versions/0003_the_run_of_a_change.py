"""The run that last changed an article, for exports of what is new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STORED_BY = """
UPDATE articles SET changed_run = coalesce(
    (SELECT max(visits.run) FROM visits JOIN pages ON pages.id = visits.page
     WHERE pages.article_id = articles.id
       AND visits.outcome IN ('article', 'revision', 'duplicate')),
    0
)
"""


def upgrade() -> None:
    op.add_column(
        "articles", sa.Column("changed_run", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index("tmp_pages_article", "pages", ["article_id"])
    op.execute(STORED_BY)
    op.drop_index("tmp_pages_article", "pages")
