"""What a batch needs in full width: one plan at a time, lists as signed, the pack for the meeting, plaques."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """New columns, and three tables; of several batches still being planned, the newest is the one."""
    with op.batch_alter_table("batch") as batch:
        batch.add_column(sa.Column("certificate", sa.String(120), nullable=True))
        batch.add_column(sa.Column("drafting", WHOLE, nullable=True))
        batch.create_unique_constraint(op.f("uq_batch_drafting"), ["drafting"])
    op.execute("UPDATE batch SET drafting = 1 WHERE id = (SELECT max(id) FROM batch WHERE state = 'draft')")
    op.add_column("batch_entry", sa.Column("spread", WHOLE, nullable=True))
    op.add_column("batch_entry", sa.Column("struck_at", sa.BigInteger(), nullable=True))
    # SQLite takes a foreign key with a new column, and in no other way than by copying the whole table.
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    refers = "CONSTRAINT fk_batch_entry_struck_by REFERENCES person (id)"
    op.execute(f"ALTER TABLE batch_entry ADD COLUMN struck_by {kind} {refers}")
    _lists()
    _packs()
    _plaques()


def _lists() -> None:
    op.create_table(
        "batch_list",
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("signer", sa.String(60), nullable=False),
        sa.Column("decided_on", sa.String(10), nullable=False),
        sa.Column("by_person", WHOLE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("minutes_number", sa.String(60), nullable=True),
        sa.Column("signature", sa.String(12), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_list_batch_id")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_batch_list_by_person")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_batch_list")),
    )


def _packs() -> None:
    op.create_table(
        "meeting_pack",
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("volumes", sa.Text(), nullable=False),
        sa.Column("parts", WHOLE, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("frozen_at", sa.BigInteger(), nullable=False),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_meeting_pack_batch_id")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_meeting_pack_by_person")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_meeting_pack")),
    )


def _plaques() -> None:
    op.create_table(
        "plaque",
        sa.Column("base_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("made_on", sa.String(10), nullable=True),
        sa.Column("handed_on", sa.String(10), nullable=False),
        sa.Column("receiver", sa.String(60), nullable=False),
        sa.Column("photo", sa.String(12), nullable=True),
        sa.Column("entered_by", WHOLE, nullable=True),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_plaque_base_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_plaque_batch_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_plaque_entered_by")),
        sa.PrimaryKeyConstraint("base_id", "batch_id", name=op.f("pk_plaque")),
        sa.UniqueConstraint("number", name=op.f("uq_plaque_number")),
    )
    op.create_index("ix_plaque_batch", "plaque", ["batch_id"], unique=False)
