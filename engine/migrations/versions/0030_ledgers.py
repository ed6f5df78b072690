"""Registers: their entries, every version of each, and the chosen answers that lists are filtered and counted by."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three tables; nothing that stands is touched."""
    op.create_table(
        "ledger_entry",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("register", sa.String(60), nullable=False),
        sa.Column("base_id", WHOLE, nullable=True),
        sa.Column("city", sa.String(6), nullable=True),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("by_role", sa.String(30), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("sort_key", sa.String(800), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("first_year", WHOLE, nullable=True),
        sa.Column("last_year", WHOLE, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_ledger_entry_base_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_ledger_entry_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("ref", name=op.f("uq_ledger_entry_ref")),
    )
    op.create_index("ix_ledger_entry_listed", "ledger_entry", ["register", "state", "sort_key", "id"])
    op.create_index("ix_ledger_entry_base", "ledger_entry", ["base_id", "register"])
    op.create_index(op.f("ix_ledger_entry_organ_id"), "ledger_entry", ["organ_id"])
    op.create_table(
        "ledger_version",
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("acting", sa.String(120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(80), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_version_entry_id")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_ledger_version_by_person")),
        sa.PrimaryKeyConstraint("entry_id", "version", name=op.f("pk_ledger_version")),
        sa.UniqueConstraint("by_person", "key", name=op.f("uq_ledger_version_by_person_key")),
    )
    op.create_table(
        "ledger_facet",
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.Column("code", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_facet_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "field", "code", name=op.f("pk_ledger_facet")),
    )
    op.create_index("ix_ledger_facet_code", "ledger_facet", ["field", "code", "entry_id"])
