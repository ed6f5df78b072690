"""The first schema: everything that one application needs on its way from the county to the register."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# SQLite numbers rows by itself only in a column called INTEGER.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lay every table, then the triggers that let history only grow."""
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("is_workday", sa.Boolean(create_constraint=True), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_digest",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_digest")),
    )
    op.create_table(
        "demo_clock",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ahead", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_clock")),
    )
    op.create_table(
        "job",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=False),
        sa.Column("dedupe", sa.String(200), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("fence", WHOLE, nullable=False),
        sa.Column("error", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_job_dedupe")),
    )
    op.create_index(op.f("ix_job_state_run_at"), "job", ["state", "run_at"], unique=False)
    op.create_table(
        "parameter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("unit", sa.String(30), nullable=False),
        sa.Column("clause", sa.String(60), nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_to", sa.String(10), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_parameter_key_valid_from")),
    )
    op.create_table(
        "person",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("login", sa.String(60), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("sort_key", sa.String(400), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("active", sa.Boolean(create_constraint=True), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_ref")),
    )
    op.create_table(
        "process",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("release_id", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sa.UniqueConstraint("key", name=op.f("uq_process_key")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("parent", sa.String(6), nullable=True),
        sa.Column("zone", sa.String(30), nullable=True),
        sa.Column("sort_key", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["region.code"], name=op.f("fk_region_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_index(op.f("ix_region_parent"), "region", ["parent"], unique=False)
    op.create_table(
        "security_event",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("ip", sa.String(45), nullable=False),
        sa.Column("object", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
    )
    op.create_index(op.f("ix_security_event_at"), "security_event", ["at"], unique=False)
    op.create_index(op.f("ix_security_event_kind_at"), "security_event", ["kind", "at"], unique=False)
    op.create_index(op.f("ix_security_event_person_id"), "security_event", ["person_id"], unique=False)
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("failures", WHOLE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        sa.UniqueConstraint("key", name=op.f("uq_sign_in_attempt_key")),
    )
    op.create_index(op.f("ix_sign_in_attempt_at"), "sign_in_attempt", ["at"], unique=False)
    op.create_table(
        "case_number",
        sa.Column("process_id", WHOLE, nullable=False),
        sa.Column("year", WHOLE, autoincrement=False, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_case_number_process_id")),
        sa.PrimaryKeyConstraint("process_id", "year", name=op.f("pk_case_number")),
    )
    op.create_table(
        "file",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_file_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("ref", name=op.f("uq_file_ref")),
    )
    op.create_index(op.f("ix_file_by_person"), "file", ["by_person"], unique=False)
    op.create_index(op.f("ix_file_sha256"), "file", ["sha256"], unique=False)
    op.create_table(
        "organ",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("parent_id", WHOLE, nullable=True),
        sa.Column("sort_key", sa.String(800), nullable=False),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_to", sa.String(10), nullable=True),
        sa.Column("successor_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["organ.id"], name=op.f("fk_organ_parent_id")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_organ_region")),
        sa.ForeignKeyConstraint(["successor_id"], ["organ.id"], name=op.f("fk_organ_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ")),
        sa.UniqueConstraint("code", name=op.f("uq_organ_code")),
        sa.UniqueConstraint("ref", name=op.f("uq_organ_ref")),
    )
    op.create_index(op.f("ix_organ_kind_region"), "organ", ["kind", "region"], unique=False)
    op.create_table(
        "version",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("process_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(60), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("published_by", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_version_process_id")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_version_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_version_process_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_version_ref")),
    )
    op.create_table(
        "web_session",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    op.create_index(op.f("ix_web_session_person_id"), "web_session", ["person_id"], unique=False)
    op.create_index(op.f("ix_web_session_seen_at"), "web_session", ["seen_at"], unique=False)
    op.create_table(
        "base",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("code", sa.String(40), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("sort_key", sa.String(400), nullable=False),
        sa.Column("extent", sa.String(60), nullable=False),
        sa.Column("city", sa.String(6), nullable=False),
        sa.Column("county", sa.String(6), nullable=True),
        sa.Column("industry", sa.String(60), nullable=False),
        sa.Column("carriers", sa.String(), nullable=False),
        sa.Column("feature", sa.String(200), nullable=False),
        sa.Column("hs_codes", sa.String(), nullable=False),
        sa.Column("area_mu", WHOLE, nullable=True),
        sa.Column("status", sa.String(60), nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_base_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base")),
        sa.UniqueConstraint("code", name=op.f("uq_base_code")),
        sa.UniqueConstraint("ref", name=op.f("uq_base_ref")),
    )
    op.create_index(op.f("ix_base_organ_id"), "base", ["organ_id"], unique=False)
    op.create_index("ix_base_status", "base", ["status", "city", "sort_key"], unique=False)
    op.create_table(
        "part",
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_part_version_id")),
        sa.PrimaryKeyConstraint("version_id", "path", name=op.f("pk_part")),
    )
    op.create_table(
        "release",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("calls", sa.String(), nullable=False),
        sa.Column("policy", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_release_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("version_id", name=op.f("uq_release_version_id")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_to", sa.String(10), nullable=True),
        sa.Column("granted_by", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_role_grant_granted_by")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_role_grant_organ_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "person_id", "role", "organ_id", "valid_from", name=op.f("uq_role_grant_person_id_role_organ_id_valid_from")
        ),
    )
    op.create_index(op.f("ix_role_grant_organ_id_role"), "role_grant", ["organ_id", "role"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("process_id", WHOLE, nullable=False),
        sa.Column("release_id", WHOLE, nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("alone", sa.String(200), nullable=True),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("organ_id", WHOLE, nullable=False),
        sa.Column("status", sa.String(60), nullable=False),
        sa.Column("outcome", sa.String(120), nullable=True),
        sa.Column("started_by", WHOLE, nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("rev", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_cases_organ_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_cases_process_id")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_cases_region")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_cases_release_id")),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_cases_started_by")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_cases_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("alone", name=op.f("uq_cases_alone")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_cases_ref")),
    )
    op.create_index("ix_cases_organ", "cases", ["organ_id", "id"], unique=False)
    op.create_index("ix_cases_region", "cases", ["region", "id"], unique=False)
    op.create_index("ix_cases_starter", "cases", ["started_by", "id"], unique=False)
    op.create_index("ix_cases_subject", "cases", ["subject", "process_id"], unique=False)
    op.create_table(
        "base_history",
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("holds_from", sa.String(10), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_base_history_base_id")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_base_history_by_person")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_base_history_case_id")),
        sa.PrimaryKeyConstraint("base_id", "seq", name=op.f("pk_base_history")),
    )
    op.create_table(
        "decision",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("outcome", sa.String(60), nullable=False),
        sa.Column("clause", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(5000), nullable=False),
        sa.Column("signed_by", WHOLE, nullable=False),
        sa.Column("signed_on", sa.String(10), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(120), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_decision_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decision_case_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_decision_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("ref", name=op.f("uq_decision_ref")),
    )
    op.create_index("ix_decision_base", "decision", ["base_id", "kind"], unique=False)
    op.create_table(
        "draft",
        sa.Column("wait_ref", sa.String(12), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("rev", WHOLE, nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_draft_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.PrimaryKeyConstraint("wait_ref", "person_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "enclosure",
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("file_ref", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_enclosure_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", "file_ref", name=op.f("pk_enclosure")),
    )
    op.create_index("ix_enclosure_file", "enclosure", ["file_ref"], unique=False)
    op.create_table(
        "enterprise_row",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("nature", sa.String(60), nullable=False),
        sa.Column("main_business", sa.String(500), nullable=False),
        sa.Column("gross_output", sa.BigInteger(), nullable=True),
        sa.Column("sales_revenue", sa.BigInteger(), nullable=True),
        sa.Column("sales", sa.BigInteger(), nullable=True),
        sa.Column("feature_sales", sa.BigInteger(), nullable=True),
        sa.Column("rd_spend", sa.BigInteger(), nullable=True),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_enterprise_row_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_enterprise_row_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_row")),
        sa.UniqueConstraint(
            "base_id", "year", "version", "position", name=op.f("uq_enterprise_row_base_id_year_version_position")
        ),
    )
    op.create_table(
        "history",
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("element", sa.String(120), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("alg", sa.String(20), nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_history_by_person")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_history_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_history")),
    )
    op.create_table(
        "incident",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("element", sa.String(120), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incident_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("ref", name=op.f("uq_incident_ref")),
    )
    op.create_index("ix_incident_case", "incident", ["case_id", "closed_at"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("template", sa.String(60), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("posted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letter_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_person_id")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_letter_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("ref", name=op.f("uq_letter_ref")),
    )
    op.create_index("ix_letter_person", "letter", ["person_id", "id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("sender_id", WHOLE, nullable=True),
        sa.Column("receiver", sa.String(120), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("dedupe", sa.String(200), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("kept_until", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["sender_id"], ["cases.id"], name=op.f("fk_message_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_message_dedupe")),
    )
    op.create_index("ix_message_receiver", "message", ["receiver", "name", "delivered_at"], unique=False)
    op.create_table(
        "move_key",
        sa.Column("key", sa.String(240), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_move_key_case_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_move_key")),
    )
    op.create_table(
        "notice",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("opens_on", sa.String(10), nullable=False),
        sa.Column("closes_on", sa.String(10), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_notice_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notice_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("ref", name=op.f("uq_notice_ref")),
    )
    op.create_index("ix_notice_case", "notice", ["case_id"], unique=False)
    op.create_index("ix_notice_state", "notice", ["state", "closes_on"], unique=False)
    op.create_table(
        "panel",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("round", WHOLE, nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("drawn_by", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_panel_case_id")),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name=op.f("fk_panel_drawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint("case_id", "round", name=op.f("uq_panel_case_id_round")),
    )
    op.create_table(
        "party",
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_party_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_person_id")),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_party")),
    )
    op.create_table(
        "reminder",
        sa.Column("wait_ref", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reminder_case_id")),
        sa.PrimaryKeyConstraint("wait_ref", "kind", name=op.f("pk_reminder")),
    )
    op.create_table(
        "standing_answer",
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_standing_answer_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_standing_answer_case_id")),
        sa.PrimaryKeyConstraint("base_id", "field", name=op.f("pk_standing_answer")),
    )
    op.create_table(
        "stat_value",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("indicator", sa.String(60), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(5000), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_stat_value_base_id")),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_stat_value_by_person")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stat_value_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stat_value")),
        sa.UniqueConstraint(
            "base_id", "year", "indicator", "version", name=op.f("uq_stat_value_base_id_year_indicator_version")
        ),
    )
    op.create_table(
        "submission",
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("by_person", WHOLE, nullable=True),
        sa.Column("acting", sa.String(120), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_submission_by_person")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_submission_case_id")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_submission_version_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_submission")),
    )
    op.create_index("ix_submission_person", "submission", ["by_person", "received_at"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("message", sa.String(60), nullable=False),
        sa.Column("sender", sa.String(120), nullable=True),
        sa.Column("form", sa.String(60), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_subscription_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index("ix_subscription_case", "subscription", ["case_id", "message"], unique=False)
    op.create_table(
        "timer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=True),
        sa.Column("due_kind", sa.String(60), nullable=True),
        sa.Column("deadline", sa.String(60), nullable=True),
        sa.Column("stopped", sa.Boolean(create_constraint=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_timer_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
    )
    op.create_index("ix_timer_case", "timer", ["case_id"], unique=False)
    op.create_index("ix_timer_due", "timer", ["stopped", "due_at", "id"], unique=False)
    op.create_table(
        "title",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("base_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("granted_on", sa.String(10), nullable=True),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_to", sa.String(10), nullable=True),
        sa.Column("document", sa.String(120), nullable=True),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["base.id"], name=op.f("fk_title_base_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_title_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title")),
    )
    op.create_index("ix_title_base", "title", ["base_id", "kind"], unique=False)
    op.create_table(
        "wait",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("form", sa.String(60), nullable=False),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("queue", sa.String(120), nullable=False),
        sa.Column("held_by", WHOLE, nullable=True),
        sa.Column("held_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=True),
        sa.Column("due_kind", sa.String(60), nullable=True),
        sa.Column("deadline", sa.String(60), nullable=True),
        sa.Column("clause", sa.String(60), nullable=True),
        sa.Column("provisional", sa.Boolean(create_constraint=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_wait_case_id")),
        sa.ForeignKeyConstraint(["held_by"], ["person.id"], name=op.f("fk_wait_held_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wait")),
        sa.UniqueConstraint("ref", name=op.f("uq_wait_ref")),
    )
    op.create_index("ix_wait_case", "wait", ["case_id"], unique=False)
    op.create_index("ix_wait_holder", "wait", ["held_by", "due_at", "id"], unique=False)
    op.create_index("ix_wait_queue", "wait", ["queue", "held_by", "due_at", "id"], unique=False)
    op.create_table(
        "panel_seat",
        sa.Column("panel_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_panel_seat_panel_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_panel_seat_person_id")),
        sa.PrimaryKeyConstraint("panel_id", "position", name=op.f("pk_panel_seat")),
        sa.UniqueConstraint("panel_id", "person_id", name=op.f("uq_panel_seat_panel_id_person_id")),
    )
    op.create_table(
        "score",
        sa.Column("panel_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("criterion", sa.String(60), nullable=False),
        sa.Column("half_points", WHOLE, nullable=False),
        sa.Column("comment", sa.String(5000), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_score_panel_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_score_person_id")),
        sa.PrimaryKeyConstraint("panel_id", "person_id", "criterion", name=op.f("pk_score")),
    )

    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER history_no_{act.lower()} BEFORE {act} ON history "
                "BEGIN SELECT RAISE(ABORT, 'history is only added to'); END"
            )
    else:
        op.execute(
            "CREATE OR REPLACE FUNCTION history_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'history is only added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER history_only_grows BEFORE UPDATE OR DELETE ON history "
            "FOR EACH ROW EXECUTE FUNCTION history_only_grows()"
        )
