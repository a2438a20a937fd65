"""The index of near-duplicates; ``scrapy dedupe`` fills it with what is stored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scopes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scopes")),
        sa.UniqueConstraint("name", name=op.f("uq_scopes_name")),
    )
    op.create_table(
        "contents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("sampled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["scope"], ["scopes.id"], name=op.f("fk_contents_scope_scopes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contents")),
    )
    op.create_index("ix_contents_hash", "contents", ["scope", "content_hash"], unique=True)
    op.create_table(
        "shingles",
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "hash", "content", name=op.f("pk_shingles")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rebuilds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebuilds")),
    )
    op.drop_index("ix_articles_content", "articles")
    op.create_index("ix_articles_content", "articles", ["content_hash", "site"])
    op.create_index("ix_articles_duplicate_of", "articles", ["duplicate_of"])
