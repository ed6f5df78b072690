"""Duties to report, and breaches: those that were not kept by a date of the text or of a served notice."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables; the key makes one breach of one duty and date."""
    op.create_table(
        "breach",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("base_id", WHOLE, nullable=True),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("city", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("duty", sa.String(60), nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("due_kind", sa.String(10), nullable=False),
        sa.Column("clause", sa.String(60), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("evidence", sa.String(2000), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("made_good_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_breach_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_breach_case_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_breach_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
        sa.UniqueConstraint("key", name=op.f("uq_breach_key")),
    )
    op.create_index("ix_breach_base", "breach", ["base_id", "due_on"], unique=False)
    op.create_index("ix_breach_city", "breach", ["city", "due_on"], unique=False)
    op.create_table(
        "report_duty",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("whose", sa.String(40), nullable=False),
        sa.Column("base_id", WHOLE, nullable=True),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("city", sa.String(6), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("due_kind", sa.String(10), nullable=False),
        sa.Column("clause", sa.String(60), nullable=True),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=True),
        sa.Column("handed_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("returned_at", sa.BigInteger(), nullable=True),
        sa.Column("returned_days", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_report_duty_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_report_duty_case_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_report_duty_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_duty")),
        sa.UniqueConstraint("case_id", name=op.f("uq_report_duty_case_id")),
        sa.UniqueConstraint("kind", "period", "whose", name=op.f("uq_report_duty_kind_period_whose")),
        sa.UniqueConstraint("ref", name=op.f("uq_report_duty_ref")),
    )
    op.create_index("ix_report_duty_base", "report_duty", ["base_id", "due_on"], unique=False)
    op.create_index("ix_report_duty_city", "report_duty", ["city", "kind", "period"], unique=False)
