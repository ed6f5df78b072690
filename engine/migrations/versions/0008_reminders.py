"""A reminder is sent once for each due date of a task, not once for the task."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """What was sent for a task that is still open was sent for the date that it has now; the rest is of no use."""
    with op.batch_alter_table("reminder") as table:
        table.add_column(sa.Column("due_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE reminder SET due_at = (SELECT wait.due_at FROM wait WHERE wait.ref = reminder.wait_ref)")
    op.execute("DELETE FROM reminder WHERE due_at IS NULL")
    with op.batch_alter_table("reminder") as table:
        table.drop_constraint("pk_reminder", type_="primary")
        table.alter_column("due_at", existing_type=sa.BigInteger(), nullable=False)
        table.create_primary_key("pk_reminder", ["wait_ref", "kind", "due_at"])
