"""Rules that tell people of cases, and what each of them has sent."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables; there were no rules before."""
    op.create_table(
        "alert_rule",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("keeper_id", WHOLE, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("process", sa.String(60), nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("days", WHOLE, nullable=False),
        sa.Column("to_kind", sa.String(20), nullable=False),
        sa.Column("to_role", sa.String(30), nullable=True),
        sa.Column("to_person", WHOLE, nullable=True),
        sa.Column("paused", sa.Boolean(create_constraint=True), nullable=False),
        sa.Column("dropped", sa.Boolean(create_constraint=True), nullable=False),
        sa.Column("rev", WHOLE, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["keeper_id"], ["person.id"], name=op.f("fk_alert_rule_keeper_id")),
        sa.ForeignKeyConstraint(["to_person"], ["person.id"], name=op.f("fk_alert_rule_to_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
        sa.UniqueConstraint("ref", name=op.f("uq_alert_rule_ref")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_rule_key")),
    )
    op.create_index("ix_alert_rule_keeper", "alert_rule", ["keeper_id", "id"])
    op.create_table(
        "alert",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("rule_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("place", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("element", sa.String(120), nullable=True),
        sa.Column("ended", sa.String(12), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("told", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rule.id"], name=op.f("fk_alert_rule_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_alert_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("ref", name=op.f("uq_alert_ref")),
        sa.UniqueConstraint(
            "rule_id", "case_id", "place", "reason", "ended", name=op.f("uq_alert_rule_id_case_id_place_reason_ended")
        ),
    )
    op.create_index("ix_alert_rule", "alert", ["rule_id", "sent_at"])
    op.create_index("ix_alert_standing", "alert", ["rule_id", "ended"])
