"""Migrations of running cases in bulk: what is to be moved, and what became of each case."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One row for a migration, one for each of its cases."""
    op.create_table(
        "case_migration",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("rearm", sa.String(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_case_migration_by_person")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_case_migration_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_migration")),
        sa.UniqueConstraint("ref", name=op.f("uq_case_migration_ref")),
    )
    op.create_table(
        "case_migration_item",
        sa.Column("migration_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_migration_item_case_id")),
        sa.ForeignKeyConstraint(
            ["migration_id"], ["case_migration.id"], name=op.f("fk_case_migration_item_migration_id")
        ),
        sa.PrimaryKeyConstraint("migration_id", "case_id", name=op.f("pk_case_migration_item")),
    )
    op.create_index(
        "ix_case_migration_item_state", "case_migration_item", ["migration_id", "state", "case_id"], unique=False
    )
