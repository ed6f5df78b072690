"""What analyses count: a row a case, a row a step, and the sequences of steps that cases went through."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three tables, empty: the next housekeeping reckons them from the history."""
    _cases()
    _steps()
    op.create_table(
        "variant",
        sa.Column("process_id", WHOLE, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("steps", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_variant_process_id")),
        sa.PrimaryKeyConstraint("process_id", "digest", name=op.f("pk_variant")),
    )


def _cases() -> None:
    op.create_table(
        "analysed_case",
        sa.Column("case_id", WHOLE, nullable=False, autoincrement=False),
        sa.Column("process_id", WHOLE, nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("city", sa.String(4), nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("ended", sa.Boolean(create_constraint=True, name=op.f("ck_analysed_case_ended")), nullable=False),
        sa.Column("variant", sa.String(64), nullable=False),
        sa.Column("days", WHOLE, nullable=True),
        *(sa.Column(name, WHOLE, nullable=False) for name in ("left_out", "returns", "by_hand", "unknown")),
        sa.Column("reckoned_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_analysed_case_process_id")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_analysed_case_version_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_analysed_case")),
    )
    op.create_index("ix_analysed_case_process", "analysed_case", ["process_id", "month"])
    op.create_index("ix_analysed_case_reckoned", "analysed_case", ["reckoned_at"])


def _steps() -> None:
    op.create_table(
        "analysed_step",
        sa.Column("case_id", WHOLE, nullable=False, autoincrement=False),
        sa.Column("number", WHOLE, nullable=False, autoincrement=False),
        sa.Column("process_id", WHOLE, nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("city", sa.String(4), nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("month", sa.String(7), nullable=True),
        sa.Column("queue", sa.String(120), nullable=False),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("waited", WHOLE, nullable=True),
        sa.Column("worked", WHOLE, nullable=True),
        sa.Column("due_on", sa.String(10), nullable=True),
        sa.Column("due_kind", sa.String(10), nullable=True),
        sa.Column("late", sa.Boolean(create_constraint=True, name=op.f("ck_analysed_step_late")), nullable=False),
        sa.Column(
            "sent_back", sa.Boolean(create_constraint=True, name=op.f("ck_analysed_step_sent_back")), nullable=False
        ),
        sa.Column("how", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_analysed_step_process_id")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_analysed_step_version_id")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_analysed_step_by_person")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_analysed_step")),
    )
    op.create_index("ix_analysed_step_process", "analysed_step", ["process_id", "month", "element"])
