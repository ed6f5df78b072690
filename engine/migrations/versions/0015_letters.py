"""The letters that a city reports and takes back with, and the stamped form bound to its version."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three tables, and where a decision signed on paper is kept."""
    op.create_table(
        "incoming_letter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("dated_on", sa.String(10), nullable=False),
        sa.Column("signer", sa.String(60), nullable=False),
        sa.Column("scan", sa.String(12), nullable=False),
        sa.Column("entered_by", WHOLE, nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_incoming_letter_entered_by")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_incoming_letter_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_incoming_letter_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_incoming_letter_ref")),
    )
    op.create_index("ix_incoming_letter_organ", "incoming_letter", ["organ_id", "id"], unique=False)
    op.create_table(
        "incoming_letter_case",
        sa.Column("letter_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("case_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("carried_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incoming_letter_case_case_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["incoming_letter.id"], name=op.f("fk_incoming_letter_case_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", "case_id", "purpose", name=op.f("pk_incoming_letter_case")),
    )
    op.create_index("ix_incoming_letter_case_case", "incoming_letter_case", ["case_id"], unique=False)
    op.create_table(
        "stamped_form",
        sa.Column("case_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("scan", sa.String(12), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bound_by", WHOLE, nullable=False),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bound_by"], ["person.id"], name=op.f("fk_stamped_form_bound_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stamped_form_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_stamped_form")),
    )
    op.add_column("decision", sa.Column("paper", sa.String(12), nullable=True))
