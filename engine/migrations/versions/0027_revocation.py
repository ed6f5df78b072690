"""取消命名: where a revocation comes from, who has confirmed its ground, what was signed; what became of the plaque."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean(create_constraint=True)
BOUND = "force <> 'binding' OR outcome <> 'keep' OR minutes_number IS NOT NULL"
SIGNED = "outcome IS NULL OR (confirmed_by IS NOT NULL AND decided_in IS NOT NULL)"


def upgrade() -> None:
    """Two tables."""
    _revocations()
    op.create_table(
        "plaque_return",
        sa.Column("case_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("settled_on", sa.String(10), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("entered_by", WHOLE, nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        *_refer("plaque_return", ("case_id", "cases"), ("base_id", "base"), ("entered_by", "person")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_plaque_return")),
    )
    op.create_index("ix_plaque_return_base_id", "plaque_return", ["base_id"], unique=False)


def _revocations() -> None:
    op.create_table(
        "revocation",
        sa.Column("case_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("origin_case", WHOLE, nullable=True),
        sa.Column("ground", sa.String(20), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", WHOLE, nullable=True),
        sa.Column("outside", FLAG, nullable=False),
        sa.Column("force", sa.String(20), nullable=True),
        sa.Column("confirmed_by", WHOLE, nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("minutes_number", sa.String(60), nullable=True),
        sa.Column("minutes_on", sa.String(10), nullable=True),
        sa.Column("minutes_topic", sa.String(200), nullable=True),
        sa.Column("decided_in", WHOLE, nullable=True),
        sa.Column("revoked_on", sa.String(10), nullable=True),
        sa.CheckConstraint(BOUND, name=op.f("ck_revocation_minutes_number")),
        sa.CheckConstraint(SIGNED, name=op.f("ck_revocation_outcome")),
        *_refer(
            "revocation",
            ("case_id", "cases"),
            ("base_id", "base"),
            ("origin_case", "cases"),
            ("opened_by", "person"),
            ("confirmed_by", "person"),
            ("decided_in", "decision"),
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_revocation")),
    )
    op.create_index("ix_revocation_base", "revocation", ["base_id", "opened_at"], unique=False)


def _refer(table: str, *pairs: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}")) for column, to in pairs]
