"""signing: keys, signed batches, the ranges of chains that they hold."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE FUNCTION signing_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
KEY_GUARD = """
CREATE FUNCTION signing_key_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.public_key, NEW.valid_from, NEW.kept)
       IS DISTINCT FROM (OLD.id, OLD.public_key, OLD.valid_from, OLD.kept) OR OLD.status = 'retired' THEN
        RAISE EXCEPTION 'a key that was published stays as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " EXECUTE FUNCTION signing_append_only()"
        for table in ("signed_batches", "signed_ranges")
    ),
    """CREATE TRIGGER signing_keys_kept BEFORE DELETE OR TRUNCATE ON signing_keys
    EXECUTE FUNCTION signing_append_only()""",
    """CREATE TRIGGER signing_keys_guard BEFORE UPDATE ON signing_keys
    FOR EACH ROW EXECUTE FUNCTION signing_key_guard()""",
)


def upgrade() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("public_key", postgresql.BYTEA(), nullable=False),
        sa.Column("private_sealed", postgresql.BYTEA(), nullable=True),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('active', 'retired')", name=op.f("ck_signing_keys_status")),
        sa.CheckConstraint("octet_length(public_key) = 32", name=op.f("ck_signing_keys_public_key")),
        sa.CheckConstraint("kept IN ('sealed', 'sandbox', 'file')", name=op.f("ck_signing_keys_kept")),
        sa.CheckConstraint(
            "(status = 'active') = (valid_until IS NULL)", name=op.f("ck_signing_keys_validity")
        ),
        sa.CheckConstraint(
            "status = 'active' OR private_sealed IS NULL", name=op.f("ck_signing_keys_retired_forgotten")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )
    op.create_index(
        "uq_signing_keys_active",
        "signing_keys",
        ["status"],
        unique=True,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "signed_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("root", postgresql.BYTEA(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", postgresql.BYTEA(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_signed_batches_size")),
        sa.CheckConstraint(
            "octet_length(root) = 32 AND octet_length(signature) = 64",
            name=op.f("ck_signed_batches_lengths"),
        ),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name=op.f("fk_signed_batches_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_batches")),
    )
    op.create_table(
        "signed_ranges",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("first_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("first_index", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "first_seq > 0 AND last_seq >= first_seq AND first_index >= 0",
            name=op.f("ck_signed_ranges_numbers"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["signed_batches.id"], name=op.f("fk_signed_ranges_batch_id")),
        sa.PrimaryKeyConstraint("chain_id", "first_seq", name=op.f("pk_signed_ranges")),
    )
    op.create_index("ix_signed_ranges_batch_id", "signed_ranges", ["batch_id"], unique=False)
    op.create_index("uq_signed_ranges_last_seq", "signed_ranges", ["chain_id", "last_seq"], unique=True)
    op.execute(APPEND_ONLY)
    op.execute(KEY_GUARD)
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    op.drop_table("signed_ranges")
    op.drop_table("signed_batches")
    op.drop_table("signing_keys")
    op.execute("DROP FUNCTION signing_key_guard()")
    op.execute("DROP FUNCTION signing_append_only()")
