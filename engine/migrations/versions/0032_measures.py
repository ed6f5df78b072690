"""Rules that people change: why a parameter was changed, later policy versions, and since when a timer runs."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Timers that stand already do not know since when; what is reckoned again leaves them as they are."""
    with op.batch_alter_table("timer") as table:
        table.add_column(sa.Column("opened_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "parameter_change",
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("by_person", WHOLE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_parameter_change_by_person")),
        sa.PrimaryKeyConstraint("key", "valid_from", name=op.f("pk_parameter_change")),
    )
    op.create_table(
        "policy_version",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("zh", sa.String(200), nullable=False),
        sa.Column("en", sa.String(400), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("dated_on", sa.String(10), nullable=True),
        sa.Column("issued_on", sa.String(10), nullable=False),
        sa.Column("period_ends_on", sa.String(10), nullable=True),
        sa.Column("banner_zh", sa.String(300), nullable=False),
        sa.Column("banner_en", sa.String(600), nullable=False),
        sa.Column("clauses", sa.String(), nullable=False),
        sa.Column("active_from", sa.String(10), nullable=True),
        sa.Column("entered_by", WHOLE, nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("activated_by", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["activated_by"], ["person.id"], name=op.f("fk_policy_version_activated_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_policy_version_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
    )
    op.create_table(
        "policy_digest",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_digest")),
    )
