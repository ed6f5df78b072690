"""Incidents: the check of an entry of their register, and what it came to."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table beside the entries."""
    op.create_table(
        "incident_check",
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("settled_by", WHOLE, nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_incident_check_entry_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incident_check_case_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_incident_check_settled_by")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_incident_check")),
        sa.UniqueConstraint("case_id", name=op.f("uq_incident_check_case_id")),
    )
