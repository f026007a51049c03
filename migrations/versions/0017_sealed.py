"""sealed sales: custodians' keys, slots for envelopes, opened shares, releases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NOW = sa.text("market_now()")


def upgrade() -> None:
    op.create_table(
        "custodian_keys",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", postgresql.BYTEA(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("challenge", postgresql.BYTEA(), nullable=False),
        sa.Column("answer_digest", postgresql.BYTEA(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("octet_length(public_key) = 32", name=op.f("ck_custodian_keys_public_key")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_custodian_keys_party_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_custodian_keys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custodian_keys")),
    )
    op.create_index("uq_custodian_keys_fingerprint", "custodian_keys", ["fingerprint"], unique=True)
    op.create_index("ix_custodian_keys_party_id", "custodian_keys", ["party_id"])
    op.create_table(
        "envelope_slots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("blob", postgresql.BYTEA(), nullable=False),
        sa.Column("envelope", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("round_no >= 0", name=op.f("ck_envelope_slots_round_no")),
        sa.ForeignKeyConstraint(["auction_id"], ["auctions.id"], name=op.f("fk_envelope_slots_auction_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_slots")),
    )
    op.create_index("ix_envelope_slots_auction_id_round_no", "envelope_slots", ["auction_id", "round_no"])
    op.create_table(
        "envelope_shares",
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("share", postgresql.BYTEA(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("handed_in_by", sa.Uuid(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("seat BETWEEN 1 AND 9", name=op.f("ck_envelope_shares_seat")),
        sa.CheckConstraint(
            "share IS NULL OR octet_length(share) = 32", name=op.f("ck_envelope_shares_share")
        ),
        sa.ForeignKeyConstraint(
            ["envelope_id"],
            ["envelope_slots.id"],
            name=op.f("fk_envelope_shares_envelope_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["handed_in_by"], ["users.id"], name=op.f("fk_envelope_shares_handed_in_by")),
        sa.PrimaryKeyConstraint("envelope_id", "seat", name=op.f("pk_envelope_shares")),
    )
    op.create_table(
        "envelope_releases",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["auction_id"], ["auctions.id"], name=op.f("fk_envelope_releases_auction_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_envelope_releases_user_id")),
        sa.PrimaryKeyConstraint("auction_id", "round_no", "user_id", name=op.f("pk_envelope_releases")),
    )


def downgrade() -> None:
    for table in ("envelope_releases", "envelope_shares", "envelope_slots", "custodian_keys"):
        op.drop_table(table)
