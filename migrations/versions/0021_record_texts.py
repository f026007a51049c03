"""auctions, signing: texts beside the record's chain; the signed heads of ended chains."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# A text goes once, with its salt, and nothing else about it changes.
TEXT_GUARD = """
CREATE FUNCTION auction_texts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.auction_id, NEW.seq, NEW.field) IS DISTINCT FROM (OLD.auction_id, OLD.seq, OLD.field)
       OR OLD.text IS NULL OR NEW.text IS NOT NULL OR NEW.salt IS NOT NULL THEN
        RAISE EXCEPTION 'a text of a record is only taken away' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    """CREATE TRIGGER auction_texts_kept BEFORE DELETE OR TRUNCATE ON auction_texts
    EXECUTE FUNCTION auctions_append_only()""",
    """CREATE TRIGGER auction_texts_guard BEFORE UPDATE ON auction_texts
    FOR EACH ROW EXECUTE FUNCTION auction_texts_guard()""",
    """CREATE TRIGGER signed_heads_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON signed_heads
    EXECUTE FUNCTION signing_append_only()""",
)


def upgrade() -> None:
    op.create_table(
        "auction_texts",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("salt", postgresql.BYTEA(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(salt) = 16", name=op.f("ck_auction_texts_salt")),
        sa.CheckConstraint(
            "(text IS NULL) = (redacted_at IS NOT NULL) AND (salt IS NULL) = (text IS NULL)",
            name=op.f("ck_auction_texts_redacted"),
        ),
        sa.ForeignKeyConstraint(["auction_id"], ["auctions.id"], name=op.f("fk_auction_texts_auction_id")),
        sa.ForeignKeyConstraint(
            ["auction_id", "seq"],
            ["auction_events.auction_id", "auction_events.seq"],
            name="fk_auction_texts_event",
        ),
        sa.PrimaryKeyConstraint("auction_id", "seq", "field", name=op.f("pk_auction_texts")),
    )
    op.create_table(
        "signed_heads",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", postgresql.BYTEA(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", postgresql.BYTEA(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_signed_heads_seq")),
        sa.CheckConstraint(
            "octet_length(hash) = 32 AND octet_length(signature) = 64", name=op.f("ck_signed_heads_lengths")
        ),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name=op.f("fk_signed_heads_key_id")),
        sa.PrimaryKeyConstraint("chain_id", name=op.f("pk_signed_heads")),
    )
    op.create_index("ix_signed_heads_signed_at", "signed_heads", ["signed_at", "chain_id"], unique=False)
    op.execute(TEXT_GUARD)
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    op.drop_table("signed_heads")
    op.drop_table("auction_texts")
    op.execute("DROP FUNCTION auction_texts_guard()")
