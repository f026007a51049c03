"""notices: a notice with its record, places, holds and mends."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE FUNCTION notices_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

# What a notice says is taken away once, with its salt, and nothing else about it changes.
BLOB_GUARD = """
CREATE FUNCTION notice_blobs_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.notice_id, NEW.seq, NEW.field) IS DISTINCT FROM (OLD.notice_id, OLD.seq, OLD.field)
       OR OLD.value IS NULL OR NEW.value IS NOT NULL OR NEW.salt IS NOT NULL THEN
        RAISE EXCEPTION 'what a notice says is only taken away' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    """CREATE TRIGGER notice_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON notice_entries
    EXECUTE FUNCTION notices_append_only()""",
    """CREATE TRIGGER notice_blobs_kept BEFORE DELETE OR TRUNCATE ON notice_blobs
    EXECUTE FUNCTION notices_append_only()""",
    """CREATE TRIGGER notice_blobs_guard BEFORE UPDATE ON notice_blobs
    FOR EACH ROW EXECUTE FUNCTION notice_blobs_guard()""",
)


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about_kind", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("owner_party_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="scheduled", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period_value", sa.Integer(), nullable=False),
        sa.Column("period_unit", sa.Text(), nullable=False),
        sa.Column("floor_value", sa.Integer(), nullable=False),
        sa.Column("cutoff_minute", sa.Integer(), nullable=False),
        sa.Column("supplement_days_min", sa.Integer(), nullable=False),
        sa.Column("objection_terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sources", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("counted_from", sa.Date(), nullable=True),
        sa.Column("counted_value", sa.Integer(), nullable=False),
        sa.Column("least_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("calendar_no", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("outage_no", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_objections", sa.Integer(), server_default="0", nullable=False),
        sa.Column("predecessor_id", sa.Uuid(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("chain_head", postgresql.BYTEA(), nullable=False),
        sa.Column("content_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(status = 'paused') = (paused_at IS NOT NULL)", name=op.f("ck_notices_paused")),
        sa.CheckConstraint(
            "(status IN ('paused', 'running', 'scheduled')) = (ended_at IS NULL)",
            name=op.f("ck_notices_ended"),
        ),
        sa.CheckConstraint(
            "kind IN ('negotiated_price', 'listing', 'auction', 'change', 'extension', 'result', 'suspension', 'resumption', 'termination', 'withdrawal')",
            name=op.f("ck_notices_kind"),
        ),
        sa.CheckConstraint("period_unit IN ('calendar_day', 'working_day')", name=op.f("ck_notices_unit")),
        sa.CheckConstraint("status <> 'scheduled' OR starts_at IS NULL", name=op.f("ck_notices_scheduled")),
        sa.CheckConstraint(
            "status IN ('scheduled', 'running', 'paused', 'passed', 'failed', 'revoked', 'superseded')",
            name=op.f("ck_notices_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('running', 'passed') OR ends_at IS NOT NULL", name=op.f("ck_notices_running")
        ),
        sa.CheckConstraint("cutoff_minute BETWEEN 1 AND 1440", name=op.f("ck_notices_cutoff")),
        sa.CheckConstraint("open_objections >= 0", name=op.f("ck_notices_objections")),
        sa.CheckConstraint(
            "period_value >= floor_value AND floor_value >= 0 AND period_value > 0",
            name=op.f("ck_notices_floor"),
        ),
        sa.CheckConstraint(
            "starts_at IS NULL OR ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_notices_order")
        ),
        sa.ForeignKeyConstraint(["owner_party_id"], ["parties.id"], name=op.f("fk_notices_owner_party_id")),
        sa.ForeignKeyConstraint(["predecessor_id"], ["notices.id"], name=op.f("fk_notices_predecessor_id")),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("fk_notices_published_by")),
        sa.ForeignKeyConstraint(["successor_id"], ["notices.id"], name=op.f("fk_notices_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("number", name=op.f("uq_notices_number")),
    )
    op.create_index("ix_notices_about", "notices", ["about_id", "kind"], unique=False)
    op.create_index(
        "ix_notices_due",
        "notices",
        ["next_due_at"],
        unique=False,
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index("ix_notices_owner", "notices", ["owner_party_id", "id"], unique=False)
    op.create_index(op.f("ix_notices_region_code"), "notices", ["region_code"], unique=False)
    op.create_index(
        "ix_notices_uncounted",
        "notices",
        ["calendar_no"],
        unique=False,
        postgresql_where=sa.text("provisional AND status IN ('running', 'paused')"),
    )
    op.create_index(
        "ix_notices_unjudged",
        "notices",
        ["outage_no"],
        unique=False,
        postgresql_where=sa.text("status IN ('running', 'paused')"),
    )
    op.create_index(
        "uq_notices_live",
        "notices",
        ["about_kind", "about_id", "kind"],
        unique=True,
        postgresql_where=sa.text("status IN ('paused', 'running', 'scheduled')"),
    )
    op.create_table(
        "notice_entries",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prev_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("hash", postgresql.BYTEA(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('published', 'place_live', 'started', 'corrected', 'supplemented', 'stretched', 'paused', 'resumed', 'moved', 'objection_counted', 'objection_published', 'passed', 'failed', 'revoked', 'superseded')",
            name=op.f("ck_notice_entries_kind"),
        ),
        sa.CheckConstraint(
            "octet_length(prev_hash) = 32 AND octet_length(hash) = 32", name=op.f("ck_notice_entries_lengths")
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_notice_entries_seq")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_entries_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "seq", name=op.f("pk_notice_entries")),
    )
    op.create_table(
        "notice_mends",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_party_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(status = 'proposed') = (decided_at IS NULL)", name=op.f("ck_notice_mends_decided")
        ),
        sa.CheckConstraint(
            "decided_by <> proposed_by OR status = 'dropped'", name=op.f("ck_notice_mends_two_persons")
        ),
        sa.CheckConstraint(
            "kind IN ('correction', 'supplement', 'change')", name=op.f("ck_notice_mends_kind")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'confirmed', 'refused', 'dropped')", name=op.f("ck_notice_mends_status")
        ),
        sa.CheckConstraint("days >= 0", name=op.f("ck_notice_mends_days")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_notice_mends_decided_by")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_mends_notice_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_notice_mends_proposed_by")),
        sa.ForeignKeyConstraint(
            ["proposed_party_id"], ["parties.id"], name=op.f("fk_notice_mends_proposed_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_mends")),
    )
    op.create_index("ix_notice_mends_notice", "notice_mends", ["notice_id", "id"], unique=False)
    op.create_index(
        "uq_notice_mends_open",
        "notice_mends",
        ["notice_id"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.create_table(
        "notice_places",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attested_by", sa.Uuid(), nullable=True),
        sa.Column("evidence_file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind = 'market' OR live_at IS NULL OR attested_by IS NOT NULL",
            name=op.f("ck_notice_places_attested"),
        ),
        sa.CheckConstraint("kind IN ('unit_site', 'market', 'media')", name=op.f("ck_notice_places_kind")),
        sa.CheckConstraint(
            "(live_at IS NULL) = (shown_at IS NULL) AND shown_at <= live_at",
            name=op.f("ck_notice_places_live"),
        ),
        sa.ForeignKeyConstraint(["attested_by"], ["users.id"], name=op.f("fk_notice_places_attested_by")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_places_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "kind", name=op.f("pk_notice_places")),
    )
    op.create_index("ix_notice_places_file", "notice_places", ["evidence_file_id"], unique=False)
    op.create_table(
        "notice_watchers",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_watchers_notice_id")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_notice_watchers_party_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notice_watchers_user_id")),
        sa.PrimaryKeyConstraint("notice_id", "user_id", "party_id", name=op.f("pk_notice_watchers")),
    )
    op.create_index("ix_notice_watchers_user", "notice_watchers", ["user_id", "notice_id"], unique=False)
    op.create_table(
        "notice_blobs",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("salt", postgresql.BYTEA(), nullable=True),
        sa.Column("value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redaction", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "(value IS NULL) = (redacted_at IS NOT NULL) AND (salt IS NULL) = (value IS NULL)",
            name=op.f("ck_notice_blobs_redacted"),
        ),
        sa.CheckConstraint("octet_length(salt) = 16", name=op.f("ck_notice_blobs_salt")),
        sa.ForeignKeyConstraint(
            ["notice_id", "seq"],
            ["notice_entries.notice_id", "notice_entries.seq"],
            name="fk_notice_blobs_entry",
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_blobs_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "seq", "field", name=op.f("pk_notice_blobs")),
    )
    op.create_table(
        "notice_holds",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resume_min_days", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(cause = 'objection') = (objection_id IS NOT NULL)", name=op.f("ck_notice_holds_objection")
        ),
        sa.CheckConstraint(
            "cause IN ('objection', 'disturbance', 'application', 'authority_order', 'outage')",
            name=op.f("ck_notice_holds_cause"),
        ),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_notice_holds_order")),
        sa.CheckConstraint("resume_min_days >= 1", name=op.f("ck_notice_holds_resume")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_holds_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_holds")),
    )
    op.create_index("ix_notice_holds_notice", "notice_holds", ["notice_id", "began_at"], unique=False)
    op.create_index(
        "uq_notice_holds_objection",
        "notice_holds",
        ["objection_id"],
        unique=True,
        postgresql_where=sa.text("objection_id IS NOT NULL"),
    )
    op.execute(APPEND_ONLY)
    op.execute(BLOB_GUARD)
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    op.drop_table("notice_holds")
    op.drop_table("notice_blobs")
    op.drop_table("notice_watchers")
    op.drop_table("notice_places")
    op.drop_table("notice_mends")
    op.drop_table("notice_entries")
    op.drop_table("notices")
    op.execute("DROP FUNCTION notice_blobs_guard()")
    op.execute("DROP FUNCTION notices_append_only()")
