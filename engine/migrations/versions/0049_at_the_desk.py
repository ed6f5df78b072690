"""What people keep at their desk: phrases, the day to look at a task again, and views of the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three tables, all empty."""
    op.create_table(
        "phrase",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("organ_id", WHOLE, nullable=True),
        sa.Column("words", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_phrase_person_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_phrase_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase")),
        sa.UniqueConstraint("ref", name=op.f("uq_phrase_ref")),
    )
    op.create_index(op.f("ix_phrase_person_id"), "phrase", ["person_id"])
    op.create_index(op.f("ix_phrase_organ_id"), "phrase", ["organ_id"])
    op.create_table(
        "follow_up",
        sa.Column("wait_ref", sa.String(12), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("follow_on", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["wait_ref"], ["wait.ref"], name=op.f("fk_follow_up_wait_ref"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_up_person_id")),
        sa.PrimaryKeyConstraint("wait_ref", "person_id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_person_id_follow_on"), "follow_up", ["person_id", "follow_on"])
    op.create_table(
        "queue_view",
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("query", sa.String(600), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_queue_view_person_id")),
        sa.PrimaryKeyConstraint("person_id", "name", name=op.f("pk_queue_view")),
    )
