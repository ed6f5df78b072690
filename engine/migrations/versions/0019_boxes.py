"""Boxes: the indexes along which 已办, 待阅, 草稿 and what is overdue are walked."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Three indexes more, and one that ends in the case."""
    op.drop_index("ix_submission_person", "submission")
    op.create_index("ix_submission_person", "submission", ["by_person", "received_at", "case_id"])
    op.create_index("ix_draft_person", "draft", ["person_id", "saved_at"])
    op.create_index("ix_letter_unread", "letter", ["person_id", "read_at", "id"])
    op.create_index("ix_wait_due", "wait", ["due_at", "id"])
