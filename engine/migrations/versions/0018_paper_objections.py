"""An objection may come on paper: the day on which the letter arrived, and who entered it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table beside the objections; what came by the public page has no row in it."""
    op.create_table(
        "objection_letter",
        sa.Column("objection_id", WHOLE, nullable=False),
        sa.Column("arrived_on", sa.String(10), nullable=False),
        sa.Column("entered_by", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objection_letter_objection_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_objection_letter_entered_by")),
        sa.PrimaryKeyConstraint("objection_id", name=op.f("pk_objection_letter")),
    )
