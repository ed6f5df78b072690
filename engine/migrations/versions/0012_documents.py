"""Documents: their versions, numbers and receipts, and what was signed on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Six tables."""
    op.create_table(
        "document_counter",
        sa.Column("series", sa.String(20), nullable=False),
        sa.Column("year", WHOLE, autoincrement=False, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_document_counter")),
    )
    op.create_table(
        "document",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("series", sa.String(20), nullable=False),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("secrecy", sa.String(20), nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("disclosure", sa.String(20), nullable=False),
        sa.Column("disclosure_reason", sa.String(2000), nullable=False),
        sa.Column("main", sa.String(), nullable=False),
        sa.Column("copy", sa.String(), nullable=False),
        sa.Column("cosigners", sa.String(), nullable=False),
        sa.Column("cosign_mode", sa.String(20), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("signer", sa.String(60), nullable=True),
        sa.Column("signed_how", sa.String(10), nullable=True),
        sa.Column("signed_on", sa.String(10), nullable=True),
        sa.Column("number", sa.String(60), nullable=True),
        sa.Column("source", sa.String(10), nullable=True),
        sa.Column("dated_on", sa.String(10), nullable=True),
        sa.Column("final_file", sa.String(12), nullable=True),
        sa.Column("sealed_on", sa.String(10), nullable=True),
        sa.Column("issued_on", sa.String(10), nullable=True),
        sa.Column("disclosure_due", sa.String(10), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.Column("archive", sa.String(64), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_document_case_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_document_opened_by")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_document_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("ref", name=op.f("uq_document_ref")),
    )
    op.create_index("ix_document_case", "document", ["case_id"], unique=False)
    op.create_index("ix_document_public", "document", ["published_at"], unique=False)
    op.create_index("ix_document_state", "document", ["state", "id"], unique=False)
    op.create_table(
        "paper_signature",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("words", sa.String(3000), nullable=False),
        sa.Column("signer", sa.String(60), nullable=False),
        sa.Column("signed_on", sa.String(10), nullable=False),
        sa.Column("scan", sa.String(12), nullable=False),
        sa.Column("page", WHOLE, nullable=False),
        sa.Column("entered_by", WHOLE, nullable=False),
        sa.Column("confirmed_by", WHOLE, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_paper_signature_case_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_paper_signature_confirmed_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_paper_signature_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_signature")),
        sa.UniqueConstraint("ref", name=op.f("uq_paper_signature_ref")),
    )
    op.create_index("ix_paper_signature_case", "paper_signature", ["case_id"], unique=False)
    op.create_table(
        "document_number",
        sa.Column("series", sa.String(20), nullable=False),
        sa.Column("year", WHOLE, autoincrement=False, nullable=False),
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("document_id", WHOLE, nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("given_by", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_number_document_id")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_document_number_given_by")),
        sa.PrimaryKeyConstraint("series", "year", "seq", name=op.f("pk_document_number")),
    )
    op.create_index("ix_document_number_document", "document_number", ["document_id"], unique=False)
    op.create_table(
        "document_receipt",
        sa.Column("document_id", WHOLE, nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=True),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("how", sa.String(10), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_document_receipt_by_person")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_receipt_document_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_document_receipt_organ_id")),
        sa.PrimaryKeyConstraint("document_id", "organ_id", name=op.f("pk_document_receipt")),
    )
    op.create_index("ix_document_receipt_organ", "document_receipt", ["organ_id", "received_at"], unique=False)
    op.create_table(
        "document_version",
        sa.Column("document_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_document_version_by_person")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_version_document_id")),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_document_version")),
    )
