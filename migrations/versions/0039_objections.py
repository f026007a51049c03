"""notices: objections with their evidence; files behind places; the running notices near an outage."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "objections",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("owner_party_id", sa.Uuid(), nullable=False),
        sa.Column("filer_party_id", sa.Uuid(), nullable=False),
        sa.Column("filer_user_id", sa.Uuid(), nullable=False),
        sa.Column("filer_name", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("evidence_note", sa.Text(), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), server_default="filed", nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_due_on", sa.Date(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_due_on", sa.Date(), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("calendar_no", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.Column("decision_document_no", sa.Text(), nullable=True),
        sa.Column("decided_status", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("review_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_requested_by", sa.Uuid(), nullable=True),
        sa.Column("review_requested_party_id", sa.Uuid(), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.Column("review_outcome", sa.Text(), nullable=True),
        sa.Column("review_findings", sa.Text(), nullable=True),
        sa.Column("review_document_no", sa.Text(), nullable=True),
        sa.Column("review_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_decided_by", sa.Uuid(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.CheckConstraint("effect IN ('terminate', 'return_to_draft')", name=op.f("ck_objections_effect")),
        sa.CheckConstraint(
            "ground IN ('title', 'price', 'related_party', 'procedure', 'condition', 'description', 'other')",
            name=op.f("ck_objections_ground"),
        ),
        sa.CheckConstraint(
            "review_outcome IN ('confirmed', 'overturned')", name=op.f("ck_objections_review_outcome")
        ),
        sa.CheckConstraint(
            "status IN ('filed', 'accepted', 'rejected_formal', 'investigating', 'upheld', 'dismissed', 'withdrawn', 'review_requested', 'review_decided')",
            name=op.f("ck_objections_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('upheld', 'dismissed', 'rejected_formal') OR decided_at IS NOT NULL AND findings IS NOT NULL",
            name=op.f("ck_objections_decided"),
        ),
        sa.CheckConstraint(
            "(review_outcome IS NULL) = (review_decided_at IS NULL)", name=op.f("ck_objections_review")
        ),
        sa.CheckConstraint(
            "(statement IS NULL) = (redacted_at IS NOT NULL)", name=op.f("ck_objections_redacted")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_objections_decided_by")),
        sa.ForeignKeyConstraint(
            ["filer_party_id"], ["parties.id"], name=op.f("fk_objections_filer_party_id")
        ),
        sa.ForeignKeyConstraint(["filer_user_id"], ["users.id"], name=op.f("fk_objections_filer_user_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["users.id"], name=op.f("fk_objections_handler_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_objections_notice_id")),
        sa.ForeignKeyConstraint(
            ["owner_party_id"], ["parties.id"], name=op.f("fk_objections_owner_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_decided_by"], ["users.id"], name=op.f("fk_objections_review_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["review_requested_by"], ["users.id"], name=op.f("fk_objections_review_requested_by")
        ),
        sa.ForeignKeyConstraint(
            ["review_requested_party_id"],
            ["parties.id"],
            name=op.f("fk_objections_review_requested_party_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("number", name=op.f("uq_objections_number")),
    )
    op.create_index(
        "ix_objections_due",
        "objections",
        ["next_due_at"],
        unique=False,
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index("ix_objections_filer", "objections", ["filer_party_id", "id"], unique=False)
    op.create_index("ix_objections_notice", "objections", ["notice_id", "id"], unique=False)
    op.create_index(op.f("ix_objections_region_code"), "objections", ["region_code"], unique=False)
    op.create_index(
        "uq_objections_open",
        "objections",
        ["notice_id", "filer_party_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('accepted', 'filed', 'investigating')"),
    )
    op.create_table(
        "objection_files",
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_objection_files_file_id")),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objections.id"], name=op.f("fk_objection_files_objection_id")
        ),
        sa.PrimaryKeyConstraint("objection_id", "file_id", name=op.f("pk_objection_files")),
    )
    op.create_foreign_key(
        op.f("fk_notice_holds_objection_id"), "notice_holds", "objections", ["objection_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_notice_places_evidence_file_id"), "notice_places", "files", ["evidence_file_id"], ["id"]
    )
    op.drop_index("ix_notices_unjudged", table_name="notices")
    op.drop_index("ix_notices_uncounted", table_name="notices")
    op.create_index(
        "ix_notices_uncounted",
        "notices",
        ["calendar_no"],
        postgresql_where=sa.text("provisional AND status = 'running'"),
    )
    op.create_index(
        "ix_notices_running_until",
        "notices",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("status = 'running'"),
    )


def downgrade() -> None:
    op.drop_index("ix_notices_uncounted", table_name="notices")
    op.create_index(
        "ix_notices_uncounted",
        "notices",
        ["calendar_no"],
        postgresql_where=sa.text("provisional AND status IN ('running', 'paused')"),
    )
    op.drop_index(
        "ix_notices_running_until", table_name="notices", postgresql_where=sa.text("status = 'running'")
    )
    op.create_index(
        "ix_notices_unjudged",
        "notices",
        ["outage_no"],
        postgresql_where=sa.text("status IN ('running', 'paused')"),
    )
    op.drop_constraint(op.f("fk_notice_places_evidence_file_id"), "notice_places", type_="foreignkey")
    op.drop_constraint(op.f("fk_notice_holds_objection_id"), "notice_holds", type_="foreignkey")
    op.drop_table("objection_files")
    op.drop_table("objections")
