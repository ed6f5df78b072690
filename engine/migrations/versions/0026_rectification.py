"""限期整改: who has decided on the standing of a base, the half-year of each rectification, the proofs of service."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean(create_constraint=True)
DECIDED = "status NOT IN ('rectifying', 'revoked') OR {column} IS NOT NULL"
BOUND = "proposal <> 'revoke' OR outcome <> 'keep' OR minutes_number IS NOT NULL"


def upgrade() -> None:
    """Two columns with a check each, which both databases take with the column; two tables."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for column, table in (("decided_in", "cases"), ("decided_by", "person")):
        refers = f"CONSTRAINT fk_base_{column} REFERENCES {table} (id)"
        holds = f"CONSTRAINT ck_base_{column} CHECK ({DECIDED.format(column=column)})"
        op.execute(f"ALTER TABLE base ADD COLUMN {column} {kind} {refers} {holds}")
    _rectifications()
    _proofs()


def _rectifications() -> None:
    days = ("begins_on", "ends_on", "material_due", "window_from", "window_to", "midterm_on", "applied_on")
    op.create_table(
        "rectification",
        sa.Column("case_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("assessment_id", WHOLE, nullable=False),
        sa.Column("assessed_in", WHOLE, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(10), nullable=True) for name in days),
        sa.Column("provisional", FLAG, nullable=False),
        sa.Column("applied_by", WHOLE, nullable=True),
        sa.Column("proposal", sa.String(20), nullable=True),
        sa.Column("ground", sa.String(20), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("minutes_number", sa.String(60), nullable=True),
        sa.Column("minutes_on", sa.String(10), nullable=True),
        sa.Column("minutes_topic", sa.String(200), nullable=True),
        sa.Column("decided_in", WHOLE, nullable=True),
        sa.CheckConstraint(BOUND, name=op.f("ck_rectification_minutes_number")),
        *_refer(
            "rectification",
            ("case_id", "cases"),
            ("base_id", "base"),
            ("assessment_id", "cases"),
            ("assessed_in", "decision"),
            ("applied_by", "person"),
            ("decided_in", "decision"),
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_rectification")),
    )
    op.create_index("ix_rectification_base", "rectification", ["base_id", "opened_at"], unique=False)


def _proofs() -> None:
    op.create_table(
        "proof_of_service",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("document_id", WHOLE, nullable=False),
        sa.Column("addressee", sa.String(120), nullable=False),
        sa.Column("served_on", sa.String(10), nullable=True),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("scan", sa.String(12), nullable=True),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("entered_by", WHOLE, nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        *_refer("proof_of_service", ("case_id", "cases"), ("document_id", "document"), ("entered_by", "person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_of_service")),
    )
    op.create_index("ix_proof_of_service_case", "proof_of_service", ["case_id"], unique=False)


def _refer(table: str, *pairs: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}")) for column, to in pairs]
