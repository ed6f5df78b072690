"""What the yearly notice changed in the calendar and which open dates moved; what became of organs that ended."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A row for each change, and one for each date that was looked at and differs."""
    op.create_table(
        "recount",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("changed", WHOLE, nullable=False),
        sa.Column("by_person", WHOLE, nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_recount_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recount")),
        sa.UniqueConstraint("ref", name=op.f("uq_recount_ref")),
    )
    op.create_table(
        "recounted",
        sa.Column("recount_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("row_id", WHOLE, nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("before_on", sa.String(10), nullable=False),
        sa.Column("after_on", sa.String(10), nullable=False),
        sa.Column("kept", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_recounted_case_id")),
        sa.ForeignKeyConstraint(["recount_id"], ["recount.id"], name=op.f("fk_recounted_recount_id")),
        sa.PrimaryKeyConstraint("recount_id", "case_id", "kind", "row_id", name=op.f("pk_recounted")),
    )
    op.create_table(
        "organ_change",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("successor_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("from_on", sa.String(10), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("by_person", WHOLE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("moved", WHOLE, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_organ_change_by_person")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_organ_change_organ_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["organ.id"], name=op.f("fk_organ_change_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ_change")),
        sa.UniqueConstraint("organ_id", name=op.f("uq_organ_change_organ_id")),
    )
