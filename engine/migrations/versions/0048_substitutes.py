"""Who acts for whom, and what a substitute holds and has sent."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table and three columns; a task that is open already is lent to nobody."""
    op.create_table(
        "substitution",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("principal_id", WHOLE, nullable=False),
        sa.Column("substitute_id", WHOLE, nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("process", sa.String(60), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_to", sa.String(10), nullable=False),
        sa.Column("named_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["person.id"], name=op.f("fk_substitution_principal_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name=op.f("fk_substitution_substitute_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_substitution_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
        sa.UniqueConstraint("ref", name=op.f("uq_substitution_ref")),
    )
    for whose in ("substitute_id", "principal_id"):
        op.create_index(op.f(f"ix_substitution_{whose}_valid_to"), "substitution", [whose, "valid_to"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    whole = "INTEGER" if sqlite else "BIGINT"
    # Added as they are: SQLite would otherwise lay the table anew, and its checks have no names.
    for table, column in (("wait", "held_for"), ("submission", "behalf_of")):
        refers = f"CONSTRAINT fk_{table}_{column} REFERENCES person (id)"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {whole} {refers}")
    no = "0 CHECK (lendable IN (0, 1))" if sqlite else "false"
    op.execute(f"ALTER TABLE wait ADD COLUMN lendable BOOLEAN NOT NULL DEFAULT {no}")
    for_somebody = sa.text("held_for IS NOT NULL")
    op.create_index(
        "ix_wait_held_for",
        "wait",
        ["held_for", "due_at", "id"],
        sqlite_where=for_somebody,
        postgresql_where=for_somebody,
    )
