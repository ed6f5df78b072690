"""What came into each case from outside, by line of its history."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table; of what happened before it nothing is known."""
    op.create_table(
        "case_input",
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_input_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_case_input")),
    )
