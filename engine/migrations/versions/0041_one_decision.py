"""A provincial name has the case that gave it, and one signed decision begins one rectification."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0036"

GIVEN = sa.text("kind <> 'provincial' OR granted_on IS NULL OR case_id IS NOT NULL")


def upgrade() -> None:
    """A check on `title`, which no other table refers to, and a unique index."""
    with op.batch_alter_table("title") as title:
        title.create_check_constraint(op.f("ck_title_case_id"), GIVEN)
    op.create_index("ux_rectification_assessed_in", "rectification", ["assessed_in"], unique=True)
