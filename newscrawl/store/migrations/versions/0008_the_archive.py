"""Where the answers to visits are archived; whose rules read an article."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "archives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", WORDS, nullable=False),
        sa.Column("site", WORDS, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_archives_run_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archives")),
        sa.UniqueConstraint("path", name=op.f("uq_archives_path")),
    )
    op.create_index(op.f("ix_archives_site"), "archives", ["site"])
    op.create_table(
        "payloads",
        sa.Column("site", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("archive", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["archive"], ["archives.id"], name=op.f("fk_payloads_archive_archives")
        ),
        sa.PrimaryKeyConstraint("site", "digest", name=op.f("pk_payloads")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_payloads_archive"), "payloads", ["archive"])
    with op.batch_alter_table("visits") as table:
        table.add_column(sa.Column("archive", sa.Integer(), nullable=True))
        table.add_column(sa.Column("offset", sa.BigInteger(), nullable=True))
        table.create_foreign_key(
            op.f("fk_visits_archive_archives"), "archives", ["archive"], ["id"]
        )
    op.create_index(
        op.f("ix_visits_archive"),
        "visits",
        ["archive"],
        sqlite_where=sa.text("archive IS NOT NULL"),
        postgresql_where=sa.text("archive IS NOT NULL"),
    )
    with op.batch_alter_table("articles") as table:
        table.add_column(sa.Column("extractor", WORDS, nullable=True))
