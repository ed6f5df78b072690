"""Where people are reached, and what became of each letter outside the house."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables; what a letter knew of the outbox becomes its first dispatch."""
    op.create_table(
        "address",
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_person_id")),
        sa.PrimaryKeyConstraint("person_id", "channel", name=op.f("pk_address")),
    )
    op.create_table(
        "dispatch",
        sa.Column("letter_ref", sa.String(12), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(60), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_dispatch_case_id")),
        sa.ForeignKeyConstraint(["letter_ref"], ["letter.ref"], name=op.f("fk_dispatch_letter_ref")),
        sa.PrimaryKeyConstraint("letter_ref", "channel", name=op.f("pk_dispatch")),
    )
    op.create_index("ix_dispatch_standing", "dispatch", ["channel", "state", "tried_at"])
    op.create_index("ix_dispatch_case", "dispatch", ["case_id", "state"])
    op.execute(
        "INSERT INTO dispatch (letter_ref, channel, case_id, state, tries, tried_at) "
        "SELECT ref, 'outbox', case_id, CASE WHEN posted_at IS NULL THEN 'waiting' ELSE 'sent' END, "
        "CASE WHEN posted_at IS NULL THEN 0 ELSE 1 END, posted_at FROM letter"
    )
    with op.batch_alter_table("letter") as batch:
        batch.drop_column("posted_at")
