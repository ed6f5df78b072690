"""Batches of applications, and the applications in each."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean(create_constraint=True)


def upgrade() -> None:
    """Two tables; applications that began before stand in no batch."""
    op.create_table(
        "batch",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("year", WHOLE, nullable=True),
        sa.Column("opens_on", sa.String(10), nullable=True),
        sa.Column("closes_on", sa.String(10), nullable=True),
        sa.Column("quota", WHOLE, nullable=True),
        sa.Column("rolling", WHOLE, nullable=True),
        sa.Column("criteria", sa.String(60), nullable=True),
        sa.Column("document", sa.String(120), nullable=True),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("created_by", WHOLE, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_batch_case_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_batch_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("case_id", name=op.f("uq_batch_case_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_batch_ref")),
    )
    op.create_index("ix_batch_window", "batch", ["state", "opens_on", "closes_on"], unique=False)
    _entries()


def _entries() -> None:
    flags = ("visited", "tied", "noticed", "withdrawn")
    op.create_table(
        "batch_entry",
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("city", sa.String(6), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("reported_on", sa.String(10), nullable=True),
        sa.Column("city_rank", WHOLE, nullable=True),
        sa.Column("average", WHOLE, nullable=True),
        *(sa.Column(name, FLAG, nullable=False) for name in flags),
        sa.Column("rank", WHOLE, nullable=True),
        sa.Column("listed", sa.String(60), nullable=True),
        sa.Column("reason", sa.String(2000), nullable=True),
        sa.Column("list_number", WHOLE, nullable=True),
        sa.Column("outcome", sa.String(60), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_batch_entry_base_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_entry_batch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_batch_entry_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_batch_entry")),
    )
    op.create_index("ix_batch_entry_batch", "batch_entry", ["batch_id", "state", "rank"], unique=False)
