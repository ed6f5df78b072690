"""Commendations, recommendations, rounds of a year; a name is never deleted, a national one has its paper."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0041"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PAPER = (
    "kind <> 'national' OR granted_on IS NULL OR "
    "(document IS NOT NULL AND document_on IS NOT NULL AND case_id IS NOT NULL)"
)
PASSED = "outcome = 'pass'"
RESULT = (
    "(result IS NULL AND result_on IS NULL) OR "
    "(result IN ('approved', 'not_approved') AND result_on IS NOT NULL AND result_document IS NOT NULL)"
)


def upgrade() -> None:
    """Three tables, one column that holds its own condition, and a trigger under the table of names."""
    op.create_index("ix_assessment_result", "assessment", ["id", "base_id", "outcome"], unique=True)
    op.create_table(
        "commendation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("assessment_id", WHOLE, nullable=False),
        sa.Column("outcome", sa.String(60), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("issued_on", sa.String(10), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.CheckConstraint(PASSED, name=op.f("ck_commendation_outcome")),
        sa.ForeignKeyConstraint(
            ["assessment_id", "base_id", "outcome"],
            ["assessment.id", "assessment.base_id", "assessment.outcome"],
            name=op.f("fk_commendation_assessment_id"),
        ),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_commendation_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_commendation_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commendation")),
        sa.UniqueConstraint("base_id", "year", name=op.f("uq_commendation_base_id_year")),
    )
    op.create_index("ix_commendation_year", "commendation", ["year"], unique=False)
    op.create_table(
        "recommendation",
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("notice", sa.String(120), nullable=True),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("place", WHOLE, nullable=True),
        sa.Column("city_letter", sa.String(120), nullable=True),
        sa.Column("document", sa.String(120), nullable=True),
        sa.Column("sent_on", sa.String(10), nullable=True),
        sa.Column("result", sa.String(60), nullable=True),
        sa.Column("result_on", sa.String(10), nullable=True),
        sa.Column("result_document", sa.String(120), nullable=True),
        sa.CheckConstraint(RESULT, name=op.f("ck_recommendation_result")),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_recommendation_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_recommendation_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_recommendation")),
    )
    op.create_index("ix_recommendation_base", "recommendation", ["base_id", "year"], unique=False)
    _rounds()
    op.execute(
        sa.text(f"ALTER TABLE title ADD COLUMN document_on VARCHAR(10) CONSTRAINT ck_title_paper CHECK ({PAPER})")
    )
    _keep_names()


def _rounds() -> None:
    op.create_table(
        "yearly_review",
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("whose", sa.String(40), nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=True),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("city", sa.String(6), nullable=True),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_yearly_review_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_yearly_review_case_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_yearly_review_organ_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_yearly_review")),
        sa.UniqueConstraint("whose", "year", name=op.f("uq_yearly_review_whose_year")),
    )
    op.create_index("ix_yearly_review_year", "yearly_review", ["year", "city"], unique=False)


def _keep_names() -> None:
    """A name ends with its day and its decision; no row of it goes."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            sa.text(
                "CREATE TRIGGER title_stays BEFORE DELETE ON title BEGIN "
                "SELECT RAISE(ABORT, 'a name is never deleted'); END"
            )
        )
        return
    op.execute(
        sa.text(
            "CREATE OR REPLACE FUNCTION title_stays() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a name is never deleted'; END $$"
        )
    )
    op.execute(sa.text("CREATE TRIGGER title_stays BEFORE DELETE ON title FOR EACH ROW EXECUTE FUNCTION title_stays()"))
