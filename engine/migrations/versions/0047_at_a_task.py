"""What hangs on an open task: co-signers, a loan, what was sent and waits for them; and comments."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A flag on the task says whether to look for them; of comments there are none yet."""
    op.add_column("wait", sa.Column("hung", sa.Boolean(), nullable=False, server_default=sa.false()))
    _cosigner()
    _loan()
    _sending()
    _comment()


def _cosigner() -> None:
    op.create_table(
        "cosigner",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("wait_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("asked_by", WHOLE, nullable=False),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("question", sa.String(500), nullable=False),
        sa.Column("named_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("opinion", sa.String(20), nullable=True),
        sa.Column("words", sa.String(500), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_cosigner_case_id")),
        sa.ForeignKeyConstraint(["wait_id"], ["wait.id"], name=op.f("fk_cosigner_wait_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cosigner_person_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_cosigner_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cosigner")),
        sa.UniqueConstraint("ref", name=op.f("uq_cosigner_ref")),
        sa.UniqueConstraint("wait_id", "person_id", name=op.f("uq_cosigner_wait_id_person_id")),
    )
    op.create_index("ix_cosigner_person", "cosigner", ["person_id", "opinion", "asked_at", "id"])


def _loan() -> None:
    op.create_table(
        "loan",
        sa.Column("wait_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("from_person", WHOLE, nullable=False),
        sa.Column("to_person", WHOLE, nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("lent_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_loan_case_id")),
        sa.ForeignKeyConstraint(["wait_id"], ["wait.id"], name=op.f("fk_loan_wait_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["from_person"], ["person.id"], name=op.f("fk_loan_from_person")),
        sa.ForeignKeyConstraint(["to_person"], ["person.id"], name=op.f("fk_loan_to_person")),
        sa.PrimaryKeyConstraint("wait_id", name=op.f("pk_loan")),
    )
    op.create_index("ix_loan_lender", "loan", ["from_person"])


def _sending() -> None:
    op.create_table(
        "sending",
        sa.Column("wait_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("by_person", WHOLE, nullable=False),
        sa.Column("acting", sa.String(120), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_sending_case_id")),
        sa.ForeignKeyConstraint(["wait_id"], ["wait.id"], name=op.f("fk_sending_wait_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_sending_by_person")),
        sa.PrimaryKeyConstraint("wait_id", name=op.f("pk_sending")),
    )


def _comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("by_person", WHOLE, nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_comment_case_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_comment_organ_id")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_comment_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_case", "comment", ["case_id", "id"])
