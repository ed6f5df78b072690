"""Indexes over the open cases and the open incidents alone, and a wider one over what a case waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"

OPEN = sa.text("status = 'open'")
MOVED = ["moved_at", "id", "process_id", "region", "status"]
UNMENDED = sa.text("closed_at IS NULL")
INCIDENTS = ["opened_at", "id", "case_id"]
WAITS = ["case_id", "opened_at", "due_at", "held_by", "element", "queue"]


def upgrade() -> None:
    """Indexes over the open cases and the open incidents alone, and a wider one over what a case waits for."""
    op.create_index("ix_cases_moved", "cases", MOVED, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_incident_open", "incident", INCIDENTS, sqlite_where=UNMENDED, postgresql_where=UNMENDED)
    op.drop_index("ix_wait_case", "wait")
    op.create_index("ix_wait_case", "wait", WAITS)
