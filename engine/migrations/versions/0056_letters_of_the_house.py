"""A letter of the house itself is about no case, and its words stand in no version."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three columns may stay empty."""
    with op.batch_alter_table("letter") as letter:
        letter.alter_column("case_id", existing_type=WHOLE, nullable=True)
        letter.alter_column("version_id", existing_type=WHOLE, nullable=True)
    with op.batch_alter_table("dispatch") as dispatch:
        dispatch.alter_column("case_id", existing_type=WHOLE, nullable=True)
