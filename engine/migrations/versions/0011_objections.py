"""A notice lists several bases; objections to them, and apart from these who objected."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean(create_constraint=True)


def upgrade() -> None:
    """The one base of each notice that stands becomes the first of its list."""
    _notice_bases()
    _objections()
    _objectors()
    op.create_table(
        "public_sending",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("sent", WHOLE, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_public_sending")),
    )
    op.create_index(op.f("ix_public_sending_since"), "public_sending", ["since"], unique=False)


def _notice_bases() -> None:
    op.create_table(
        "notice_base",
        sa.Column("notice_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("place", WHOLE, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_notice_base_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notice_base_case_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_base_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "base_id", name=op.f("pk_notice_base")),
    )
    op.create_index("ix_notice_base_base", "notice_base", ["base_id"], unique=False)
    op.create_index("ix_notice_base_case", "notice_base", ["case_id"], unique=False)
    op.execute(
        "INSERT INTO notice_base (notice_id, base_id, case_id, place, withdrawn_at) "
        "SELECT id, base_id, case_id, 1, CASE WHEN state = 'withdrawn' THEN ended_at END FROM notice"
    )
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint("fk_notice_base_id", type_="foreignkey")
        batch.drop_column("base_id")


def _objections() -> None:
    op.create_table(
        "objection",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("notice_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("key", sa.String(80), nullable=False),
        *(sa.Column(name, FLAG, nullable=False) for name in ("unit", "named", "reachable", "factual", "sealed")),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("reply_due_on", sa.String(10), nullable=False),
        sa.Column("extended", FLAG, nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("handler_id", WHOLE, nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("replied_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_objection_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_objection_case_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["person.id"], name=op.f("fk_objection_handler_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_objection_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("notice_id", "key", name=op.f("uq_objection_notice_id_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_objection_ref")),
    )
    op.create_index("ix_objection_base", "objection", ["notice_id", "base_id", "state"], unique=False)
    op.create_index("ix_objection_case", "objection", ["case_id"], unique=False)
    op.create_index("ix_objection_handler", "objection", ["handler_id", "state"], unique=False)


def _objectors() -> None:
    op.create_table(
        "objector",
        sa.Column("objection_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("contact_person", sa.String(120), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("facts", sa.String(5000), nullable=False),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objector_objection_id")),
        sa.PrimaryKeyConstraint("objection_id", name=op.f("pk_objector")),
    )
    op.create_table(
        "objector_file",
        sa.Column("objection_id", WHOLE, nullable=False),
        sa.Column("file_ref", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["file_ref"], ["file.ref"], name=op.f("fk_objector_file_file_ref")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objector_file_objection_id")),
        sa.PrimaryKeyConstraint("objection_id", "file_ref", name=op.f("pk_objector_file")),
    )
