"""A panel says by which criteria it scores: those of Article 10 or of Article 12."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"


def upgrade() -> None:
    """A panel that was drawn before goes by Article 10, which no value says."""
    with op.batch_alter_table("panel") as table:
        table.add_column(sa.Column("criteria", sa.String(60), nullable=True))
