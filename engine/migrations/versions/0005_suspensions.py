"""Suspensions: when a case stood still, and by how many days its dates moved on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One row for each time that a case was suspended."""
    op.create_table(
        "suspension",
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("days", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_suspension_case_id")),
        sa.PrimaryKeyConstraint("case_id", "began_at", name=op.f("pk_suspension")),
    )
