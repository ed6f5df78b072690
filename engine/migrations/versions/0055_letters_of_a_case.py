"""The letters of one case, for its page."""

from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    """One index."""
    op.create_index("ix_letter_case", "letter", ["case_id", "id"])
