"""Yearly assessments: the campaign of a year, its bases, and the confirmed grounds."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean(create_constraint=True)


def upgrade() -> None:
    """Three tables."""
    _campaign()
    _assessment()
    _ground()


def _campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("year", WHOLE, nullable=True),
        sa.Column("opens_on", sa.String(10), nullable=True),
        sa.Column("closes_on", sa.String(10), nullable=True),
        sa.Column("rolling", WHOLE, nullable=True),
        sa.Column("criteria", sa.String(60), nullable=True),
        sa.Column("document", sa.String(120), nullable=True),
        sa.Column("expected", WHOLE, nullable=True),
        sa.Column("drafting", WHOLE, nullable=True),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("created_by", WHOLE, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_campaign_case_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_campaign_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("case_id", name=op.f("uq_campaign_case_id")),
        sa.UniqueConstraint("drafting", name=op.f("uq_campaign_drafting")),
        sa.UniqueConstraint("ref", name=op.f("uq_campaign_ref")),
        sa.UniqueConstraint("year", name=op.f("uq_campaign_year")),
    )


def _assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("campaign_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("city", sa.String(6), nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("suggested", WHOLE, nullable=True),
        sa.Column("total", WHOLE, nullable=True),
        sa.Column("spread", WHOLE, nullable=True),
        sa.Column("proposal", sa.String(60), nullable=True),
        sa.Column("proposed_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(60), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("differs", FLAG, nullable=False),
        sa.Column("listed", FLAG, nullable=False),
        sa.Column("announced", sa.String(120), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_assessment_base_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_assessment_campaign_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_assessment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("campaign_id", "base_id", name=op.f("uq_assessment_campaign_id_base_id")),
        sa.UniqueConstraint("case_id", name=op.f("uq_assessment_case_id")),
    )
    op.create_index("ix_assessment_base", "assessment", ["base_id", "year"], unique=False)


def _ground() -> None:
    op.create_table(
        "ground",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("evidence", sa.String(5000), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("confirmed_by", WHOLE, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_ground_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ground_case_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_ground_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ground")),
    )
    op.create_index("ix_ground_case", "ground", ["case_id", "code"], unique=False)
    op.create_index("ix_ground_base", "ground", ["base_id"], unique=False)
