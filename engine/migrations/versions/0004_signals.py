"""A case may listen for a signal as it does for a message."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Let a subscription name a signal instead of a message, and find all that listen for one."""
    with op.batch_alter_table("subscription") as table:
        table.alter_column("message", existing_type=sa.String(60), nullable=True)
        table.add_column(sa.Column("signal", sa.String(120), nullable=True))
        table.create_index("ix_subscription_signal", ["signal", "case_id"])
