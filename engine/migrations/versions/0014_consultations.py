"""What organs answer on the conditions of admission, and the notices that name what an application lacks."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables; nothing that stands is changed."""
    op.create_table(
        "eligibility_answer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("round", WHOLE, nullable=False),
        sa.Column("asking", WHOLE, nullable=False),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("asked_on", sa.String(10), nullable=False),
        sa.Column("answer", sa.String(10), nullable=True),
        sa.Column("evidence", sa.String(2000), nullable=False),
        sa.Column("files", sa.String(), nullable=False),
        sa.Column("how", sa.String(10), nullable=True),
        sa.Column("answered_on", sa.String(10), nullable=True),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("dropped_on", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_eligibility_answer_by_person")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_eligibility_answer_case_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_eligibility_answer_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_answer")),
        sa.UniqueConstraint(
            "case_id", "asking", "item", "organ_id", name=op.f("uq_eligibility_answer_case_id_asking_item_organ_id")
        ),
    )
    op.create_table(
        "supplement_notice",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("round", WHOLE, nullable=False),
        sa.Column("items", sa.String(), nullable=False),
        sa.Column("hand_in", sa.String(500), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("number", sa.String(60), nullable=True),
        sa.Column("drafted_by", WHOLE, nullable=True),
        sa.Column("approved_by", WHOLE, nullable=True),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("served_on", sa.String(10), nullable=False),
        sa.Column("answered_on", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_supplement_notice_approved_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_supplement_notice_case_id")),
        sa.ForeignKeyConstraint(["drafted_by"], ["person.id"], name=op.f("fk_supplement_notice_drafted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement_notice")),
        sa.UniqueConstraint("case_id", "round", name=op.f("uq_supplement_notice_case_id_round")),
    )
