"""What process owners are working on, and what they have proposed for publication."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0037"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three tables; nothing that stands is changed."""
    op.create_table(
        "process_draft",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("based_on", WHOLE, nullable=True),
        sa.Column("rev", WHOLE, nullable=False),
        sa.Column("begun_by", WHOLE, nullable=True),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", WHOLE, nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["based_on"], ["version.id"], name=op.f("fk_process_draft_based_on")),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name=op.f("fk_process_draft_begun_by")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_process_draft_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_process_draft_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_process_draft_ref")),
    )
    op.create_table(
        "draft_part",
        sa.Column("draft_id", WHOLE, nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["process_draft.id"], name=op.f("fk_draft_part_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", "path", name=op.f("pk_draft_part")),
    )
    op.create_table(
        "proposal",
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("basis", sa.String(120), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("in_force_on", sa.String(10), nullable=True),
        sa.Column("proposed_by", WHOLE, nullable=True),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_by", WHOLE, nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_proposal_proposed_by")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_proposal_settled_by")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_proposal_version_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_proposal")),
    )
