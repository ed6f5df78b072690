"""Difficulties of enterprises: at which level each stands, what was answered, whether it satisfied."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table; nothing that stands is changed."""
    op.create_table(
        "issue",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("enterprise", sa.String(120), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("level", sa.String(60), nullable=False),
        sa.Column("level_since", sa.BigInteger(), nullable=False),
        sa.Column("registered_on", sa.String(10), nullable=False),
        sa.Column("answer", sa.String(5000), nullable=True),
        sa.Column("result", sa.String(60), nullable=True),
        sa.Column("answered_by", WHOLE, nullable=True),
        sa.Column("answered_on", sa.String(10), nullable=True),
        sa.Column("satisfaction", sa.String(60), nullable=True),
        sa.Column("closed_on", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_issue_answered_by")),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_issue_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_issue_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("case_id", name=op.f("uq_issue_case_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_issue_ref")),
    )
    op.create_index("ix_issue_base", "issue", ["base_id", "state"], unique=False)
    op.create_index("ix_issue_state", "issue", ["state", "level"], unique=False)
