"""Joint meetings with their minutes, and each of their resolutions until it is done."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables; nothing that stands is changed."""
    op.create_table(
        "meeting",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("held_on", sa.String(10), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("number", sa.String(60), nullable=True),
        sa.Column("dated_on", sa.String(10), nullable=True),
        sa.Column("topics", sa.String(5000), nullable=True),
        sa.Column("state", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_meeting_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("case_id", name=op.f("uq_meeting_case_id")),
    )
    op.create_table(
        "meeting_action",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("meeting_id", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("issue_id", WHOLE, nullable=True),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("report", sa.String(5000), nullable=True),
        sa.Column("done_on", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_meeting_action_issue_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_action_meeting_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_meeting_action_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_action")),
        sa.UniqueConstraint("meeting_id", "seq", name=op.f("uq_meeting_action_meeting_id_seq")),
    )
    op.create_index("ix_meeting_action_owner", "meeting_action", ["organ_id", "state"], unique=False)
    op.create_index("ix_meeting_action_issue", "meeting_action", ["issue_id"], unique=False)
