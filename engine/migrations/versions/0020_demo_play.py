"""The demo remembers how far its play has come, and when its readers were let in."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """A demo that runs already has nothing to play."""
    with op.batch_alter_table("demo_clock") as table:
        table.add_column(sa.Column("played", sa.BigInteger(), nullable=False, server_default="1000000"))
        table.add_column(sa.Column("opened_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("demo_clock") as table:
        table.alter_column("played", server_default=None)
