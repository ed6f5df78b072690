"""Orders of supervision: what is asked of which unit at which level, what was answered, who wrote it off."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table; nothing that stands is changed."""
    op.create_table(
        "supervision_order",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("about_id", WHOLE, nullable=True),
        sa.Column("matter", sa.String(200), nullable=False),
        sa.Column("ground", sa.String(2000), nullable=False),
        sa.Column("request", sa.String(2000), nullable=False),
        sa.Column("deadline_on", sa.String(10), nullable=True),
        sa.Column("deadline_kind", sa.String(60), nullable=True),
        sa.Column("level", sa.String(60), nullable=False),
        sa.Column("level_before", sa.String(60), nullable=True),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("issuer_id", WHOLE, nullable=False),
        sa.Column("days", WHOLE, nullable=True),
        sa.Column("number", sa.String(120), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.String(10), nullable=True),
        sa.Column("due_on", sa.String(10), nullable=True),
        sa.Column("approved_by", WHOLE, nullable=True),
        sa.Column("feedback", sa.String(5000), nullable=True),
        sa.Column("feedback_on", sa.String(10), nullable=True),
        sa.Column("opinion", sa.String(2000), nullable=True),
        sa.Column("closed_on", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_supervision_order_case_id")),
        sa.ForeignKeyConstraint(["about_id"], ["cases.id"], name=op.f("fk_supervision_order_about_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_supervision_order_organ_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["person.id"], name=op.f("fk_supervision_order_issuer_id")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_supervision_order_approved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_order")),
        sa.UniqueConstraint("ref", name=op.f("uq_supervision_order_ref")),
        sa.UniqueConstraint("case_id", name=op.f("uq_supervision_order_case_id")),
    )
    op.create_index("ix_supervision_order_state", "supervision_order", ["state", "level"], unique=False)
    op.create_index("ix_supervision_order_organ", "supervision_order", ["organ_id", "state"], unique=False)
    op.create_index("ix_supervision_order_about", "supervision_order", ["about_id"], unique=False)
