"""The circulars of supervision, one a week."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table; of the weeks before nothing was kept."""
    op.create_table(
        "circular",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("first_on", sa.String(10), nullable=False),
        sa.Column("figures", sa.String(), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("paragraph", sa.String(2000), nullable=False),
        sa.Column("rev", WHOLE, nullable=False),
        sa.Column("year", WHOLE, nullable=True),
        sa.Column("issue", WHOLE, nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.Column("issued_by", WHOLE, nullable=True),
        sa.Column("content", sa.String(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_circular_issued_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular")),
        sa.UniqueConstraint("ref", name=op.f("uq_circular_ref")),
        sa.UniqueConstraint("first_on", name=op.f("uq_circular_first_on")),
        sa.UniqueConstraint("year", "issue", name=op.f("uq_circular_year_issue")),
    )
