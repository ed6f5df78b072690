"""A version may stand in several releases, each with other called versions; a message says what it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Let a version be released again, and give messages their keys."""
    with op.batch_alter_table("release") as table:
        table.drop_constraint("uq_release_version_id", type_="unique")
        table.create_index("ix_release_version", ["version_id"])
    op.add_column("message", sa.Column("keys", sa.String(), nullable=True))
