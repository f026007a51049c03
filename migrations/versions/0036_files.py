"""Files: what is kept, who else may read it, who has read it."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

# What a file is, it stays; only its bytes may go, once, and then its name may be a tombstone's.
GUARD = """
CREATE FUNCTION files_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'files are kept: % is not allowed', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.owner_party_id, NEW.file_class, NEW.media_type, NEW.size, NEW.sha256, NEW.uploaded_by, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.owner_party_id, OLD.file_class, OLD.media_type, OLD.size, OLD.sha256, OLD.uploaded_by, OLD.created_at)
     OR (OLD.subject_id IS NOT NULL AND NEW.subject_id IS DISTINCT FROM OLD.subject_id)
     OR (OLD.status <> 'kept' AND NEW.status <> OLD.status)
     OR (OLD.store_key IS NULL AND NEW.store_key IS NOT NULL) THEN
    RAISE EXCEPTION 'what a file is does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
APPEND_ONLY = """
CREATE FUNCTION files_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    stamp = {"server_default": sa.text("market_now()"), "nullable": False}
    op.create_table(
        "files",
        sa.Column("owner_party_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("file_class", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("store_key", sa.Text(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="kept", nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), **stamp),
        sa.Column("updated_at", sa.DateTime(timezone=True), **stamp),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("status IN ('kept', 'redacted', 'destroyed')", name=op.f("ck_files_status")),
        sa.CheckConstraint(
            "file_class IN ('public', 'registered', 'nda', 'internal')", name=op.f("ck_files_file_class")
        ),
        sa.CheckConstraint(
            "media_type IN ('application/pdf', 'image/png', 'image/jpeg',"
            " 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',"
            " 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/ofd', 'application/zip')",
            name=op.f("ck_files_media_type"),
        ),
        sa.CheckConstraint("size > 0 AND octet_length(sha256) = 32", name=op.f("ck_files_digest")),
        sa.CheckConstraint("(subject_kind IS NULL) = (subject_id IS NULL)", name=op.f("ck_files_subject")),
        sa.CheckConstraint("opened_at IS NULL OR file_class = 'public'", name=op.f("ck_files_opened")),
        sa.CheckConstraint(
            "(status = 'kept') = (taken_at IS NULL) AND (taken_at IS NULL) = (taken_by IS NULL)"
            " AND (taken_at IS NULL) = (taken_reason IS NULL)",
            name=op.f("ck_files_taken"),
        ),
        sa.CheckConstraint("status <> 'kept' OR store_key IS NOT NULL", name=op.f("ck_files_stored")),
        sa.ForeignKeyConstraint(["owner_party_id"], ["parties.id"], name=op.f("fk_files_owner_party_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_files_uploaded_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["users.id"], name=op.f("fk_files_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("uq_files_store_key", "files", ["store_key"], unique=True)
    op.create_index("ix_files_owner_party_id", "files", ["owner_party_id", "id"])
    op.create_index("ix_files_subject", "files", ["subject_kind", "subject_id"])
    op.create_index(
        "ix_files_unused",
        "files",
        ["owner_party_id"],
        postgresql_where=sa.text("subject_id IS NULL AND status = 'kept'"),
    )
    op.create_index(
        "ix_files_to_delete",
        "files",
        ["id"],
        postgresql_where=sa.text("status <> 'kept' AND store_key IS NOT NULL"),
    )
    op.create_table(
        "file_readers",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), **stamp),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_file_readers_file_id")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_file_readers_party_id")),
        sa.PrimaryKeyConstraint("file_id", "party_id", name=op.f("pk_file_readers")),
    )
    op.create_table(
        "file_reads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), **stamp),
        sa.CheckConstraint("way IN ('download', 'marked', 'packed')", name=op.f("ck_file_reads_way")),
        sa.CheckConstraint("(user_id IS NULL) = (party_id IS NULL)", name=op.f("ck_file_reads_reader")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_file_reads_file_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_file_reads_user_id")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_file_reads_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_reads")),
    )
    op.create_index("ix_file_reads_file_id", "file_reads", ["file_id", "id"])
    op.execute(GUARD)
    op.execute(APPEND_ONLY)
    op.execute(
        "CREATE TRIGGER files_guarded BEFORE UPDATE OR DELETE ON files FOR EACH ROW EXECUTE FUNCTION files_guard()"
    )
    op.execute("CREATE TRIGGER files_kept BEFORE TRUNCATE ON files EXECUTE FUNCTION files_guard()")
    op.execute(
        "CREATE TRIGGER file_reads_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON file_reads"
        " EXECUTE FUNCTION files_append_only()"
    )


def downgrade() -> None:
    for table in ("file_reads", "file_readers", "files"):
        op.drop_table(table)
    op.execute("DROP FUNCTION files_append_only()")
    op.execute("DROP FUNCTION files_guard()")
