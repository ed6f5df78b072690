"""Procrastinate's own tables on PostgreSQL, and beside them the dedupe keys and why a job failed."""

import sqlalchemy as sa
from alembic import context, op

revision = "0004"
down_revision = "0003"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add our two tables; Procrastinate says itself what its own ones are."""
    op.create_table(
        "job_key",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_job_key")),
    )
    op.create_table(
        "job_fault",
        sa.Column("job_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("error", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_fault")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Many statements at once, which only a cursor without parameters takes.
        op.get_bind().connection.cursor().execute(context.config.attributes["jobs_schema"])
