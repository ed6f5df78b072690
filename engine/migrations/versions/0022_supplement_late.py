"""What becomes of a notice to supplement whose date has passed: put off once for a reason, or closed by an officer."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"


def upgrade() -> None:
    """Notices served until now were neither put off nor closed."""
    with op.batch_alter_table("supplement_notice") as table:
        table.add_column(sa.Column("extended_from", sa.String(10), nullable=True))
        table.add_column(sa.Column("extension_reason", sa.String(2000), nullable=True))
        table.add_column(sa.Column("closed_on", sa.String(10), nullable=True))
