"""Monthly and quarterly reports: their templates, and figures of a period in versions."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "report_template",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("items", sa.String(), nullable=False),
        sa.Column("due_day", WHOLE, nullable=False),
        sa.Column("notice", sa.String(60), nullable=True),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_to", sa.String(10), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_template")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_report_template_code_valid_from")),
    )
    op.create_table(
        "period_value",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("template", sa.String(60), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_period_value_base_id")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_period_value_by_person")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_period_value_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_value")),
        sa.UniqueConstraint(
            "base_id", "template", "period", "item", "version",
            name=op.f("uq_period_value_base_id_template_period_item_version"),
        ),
    )  # fmt: skip
    op.create_index("ix_period_value_period", "period_value", ["template", "period"], unique=False)
