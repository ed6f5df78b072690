"""Reviews: the seed before the pool, witness, substitutes, answers, leader, report, dissents, ties and fields."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three tables, and what a panel and its seats know more than before."""
    _panels()
    op.create_table(
        "expert_field",
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_field_person_id")),
        sa.PrimaryKeyConstraint("person_id", "field", name=op.f("pk_expert_field")),
    )
    op.create_table(
        "panel_dissent",
        sa.Column("panel_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("words", sa.String(6000), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_panel_dissent_panel_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_panel_dissent_person_id")),
        sa.PrimaryKeyConstraint("panel_id", "person_id", name=op.f("pk_panel_dissent")),
    )
    op.create_table(
        "conflict",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=True),
        sa.Column("organ_id", WHOLE, nullable=True),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("until", sa.String(10), nullable=True),
        sa.Column("facts", sa.String(2000), nullable=False),
        sa.Column("decision", sa.String(60), nullable=False),
        sa.Column("decided_by", WHOLE, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_conflict_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_conflict_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_conflict_decided_by")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_conflict_organ_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conflict_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    op.create_index("ix_conflict_person", "conflict", ["person_id", "base_id"], unique=False)


def _panels() -> None:
    with op.batch_alter_table("panel") as batch:
        batch.alter_column("snapshot", existing_type=sa.String(), nullable=True)
        batch.alter_column("hash", existing_type=sa.String(64), nullable=True)
        batch.alter_column("drawn_at", existing_type=sa.BigInteger(), nullable=True)
        batch.add_column(sa.Column("seed_hash", sa.String(64), nullable=True))
        for name in ("committed_at", "witnessed_at", "closed_at", "reported_at"):
            batch.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        for name in ("witness_id", "leader_id"):
            batch.add_column(sa.Column(name, WHOLE, nullable=True))
            batch.create_foreign_key(op.f(f"fk_panel_{name}"), "person", [name], ["id"])
        batch.add_column(sa.Column("report", sa.String(), nullable=True))
    for name, kind in (("standing", sa.String(60)), ("answer", sa.String(60)), ("reason", sa.String(60))):
        op.add_column("panel_seat", sa.Column(name, kind, nullable=True))
    op.add_column("panel_seat", sa.Column("answered_at", sa.BigInteger(), nullable=True))
