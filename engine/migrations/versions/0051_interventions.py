"""Acts by hand that one proposes and another approves, tasks that were put off, and acts on many cases at once."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Four tables; nothing that stands is changed."""
    op.create_table(
        "intervention",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("alone", WHOLE, nullable=True),
        sa.Column("key", sa.String(240), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("seen_rev", WHOLE, nullable=False),
        sa.Column("seen_seq", WHOLE, nullable=False),
        sa.Column("foreseen", sa.String(), nullable=False),
        sa.Column("proposed_by", WHOLE, nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", WHOLE, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_intervention_case_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_intervention_proposed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_intervention_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention")),
        sa.UniqueConstraint("ref", name=op.f("uq_intervention_ref")),
        sa.UniqueConstraint("alone", name=op.f("uq_intervention_alone")),
        sa.UniqueConstraint("key", name=op.f("uq_intervention_key")),
    )
    op.create_index("ix_intervention_state", "intervention", ["state", "id"], unique=False)
    op.create_index("ix_intervention_case", "intervention", ["case_id"], unique=False)
    _extension()
    _push()


def _extension() -> None:
    op.create_table(
        "extension",
        sa.Column("wait_ref", sa.String(12), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("before_on", sa.String(10), nullable=False),
        sa.Column("after_on", sa.String(10), nullable=False),
        sa.Column("days", WHOLE, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("by_person", WHOLE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_extension_case_id")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_extension_by_person")),
        sa.PrimaryKeyConstraint("wait_ref", "number", name=op.f("pk_extension")),
    )


def _push() -> None:
    op.create_table(
        "push",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("by_person", WHOLE, nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_push_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push")),
        sa.UniqueConstraint("ref", name=op.f("uq_push_ref")),
        sa.UniqueConstraint("key", name=op.f("uq_push_key")),
    )
    op.create_index("ix_push_person", "push", ["by_person", "id"], unique=False)
    op.create_table(
        "push_item",
        sa.Column("push_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["push_id"], ["push.id"], name=op.f("fk_push_item_push_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_push_item_case_id")),
        sa.PrimaryKeyConstraint("push_id", "case_id", name=op.f("pk_push_item")),
    )
    op.create_index("ix_push_item_state", "push_item", ["push_id", "state", "case_id"], unique=False)
