"""Saved views of a board, of one's own or shared with a role or a unit."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "saved_view",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("board", sa.String(60), nullable=False),
        sa.Column("owner_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.String(2000), nullable=False),
        sa.Column("role", sa.String(60), nullable=True),
        sa.Column("organ_id", WHOLE, nullable=True),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_saved_view_owner_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_saved_view_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("ref", name=op.f("uq_saved_view_ref")),
    )
    op.create_index("ix_saved_view_owner", "saved_view", ["owner_id", "board"])
    op.create_index("ix_saved_view_shared", "saved_view", ["board", "role"])
