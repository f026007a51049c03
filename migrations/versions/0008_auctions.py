"""auctions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE FUNCTION auctions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
# Statement triggers: they also fire where no row matches, and cost nothing per row inserted.
TRIGGERS = tuple(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " EXECUTE FUNCTION auctions_append_only()"
    for table in ("bids", "auction_events")
)


def upgrade() -> None:
    op.create_table(
        "auctions",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("seller_party_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("registration_opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deposit_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bid_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("current_minor", sa.BigInteger(), nullable=True),
        sa.Column("leader_code", sa.Text(), nullable=True),
        sa.Column("leader_seq", sa.Integer(), nullable=True),
        sa.Column("free_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("interrupted", sa.Text(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "chain_head",
            postgresql.BYTEA(),
            server_default=sa.text("decode(repeat('00', 32), 'hex')"),
            nullable=False,
        ),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("award_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_on_behalf_of", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'suspended') = (interrupted IS NOT NULL)", name=op.f("ck_auctions_interrupted")
        ),
        sa.CheckConstraint("origin IN ('auction', 'listed')", name=op.f("ck_auctions_origin")),
        sa.CheckConstraint("status <> 'awarded' OR bid_no > 0", name=op.f("ck_auctions_award_of_bids")),
        sa.CheckConstraint(
            "status IN ('draft', 'noticed', 'registration_open', 'registration_closed', 'ready', 'free_bidding', 'timed_bidding', 'suspended', 'awarded', 'passed_in', 'cancelled')",
            name=op.f("ck_auctions_status"),
        ),
        sa.CheckConstraint("(current_minor IS NULL) = (bid_no = 0)", name=op.f("ck_auctions_price_of_bids")),
        sa.CheckConstraint("(leader_code IS NULL) = (bid_no = 0)", name=op.f("ck_auctions_leader_of_bids")),
        sa.CheckConstraint("seq >= 0 AND bid_no >= 0 AND bid_no <= seq", name=op.f("ck_auctions_counters")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_auctions_award_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_auctions_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_auctions_entered_on_behalf_of")
        ),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_auctions_offering_id")),
        sa.ForeignKeyConstraint(
            ["seller_party_id"], ["parties.id"], name=op.f("fk_auctions_seller_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auctions")),
    )
    op.create_index(
        "ix_auctions_due",
        "auctions",
        ["next_due_at"],
        unique=False,
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index("ix_auctions_listing", "auctions", ["sorted_at", "id"], unique=False)
    op.create_index("ix_auctions_offering_id", "auctions", ["offering_id"], unique=False)
    op.create_index(op.f("ix_auctions_region_code"), "auctions", ["region_code"], unique=False)
    op.create_index(op.f("ix_auctions_seller_party_id"), "auctions", ["seller_party_id"], unique=False)
    op.create_index("uq_auctions_number", "auctions", ["number"], unique=True)
    op.create_index(
        "uq_auctions_open_offering",
        "auctions",
        ["offering_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('awarded', 'passed_in', 'cancelled')"),
    )
    op.create_table(
        "auction_events",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prev_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("hash", postgresql.BYTEA(), nullable=False),
        sa.CheckConstraint(
            "octet_length(hash) = 32 AND octet_length(prev_hash) = 32", name=op.f("ck_auction_events_hashes")
        ),
        sa.ForeignKeyConstraint(["auction_id"], ["auctions.id"], name=op.f("fk_auction_events_auction_id")),
        sa.PrimaryKeyConstraint("auction_id", "seq", name=op.f("pk_auction_events")),
    )
    op.create_table(
        "bids",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("bid_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("bidder_code", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_minor > 0 AND bid_no > 0 AND seq >= bid_no", name=op.f("ck_bids_numbers")),
        sa.ForeignKeyConstraint(
            ["auction_id", "seq"], ["auction_events.auction_id", "auction_events.seq"], name="fk_bids_event"
        ),
        sa.ForeignKeyConstraint(["auction_id"], ["auctions.id"], name=op.f("fk_bids_auction_id")),
        sa.ForeignKeyConstraint(["placed_by"], ["users.id"], name=op.f("fk_bids_placed_by")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_bids_registration_id")
        ),
        sa.PrimaryKeyConstraint("auction_id", "bid_no", name=op.f("pk_bids")),
    )
    op.create_index("ix_bids_registration_id", "bids", ["registration_id"], unique=False)
    op.create_index("uq_bids_seq", "bids", ["auction_id", "seq"], unique=True)
    op.execute(APPEND_ONLY)
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    op.drop_table("bids")
    op.drop_table("auction_events")
    op.drop_table("auctions")
    op.execute("DROP FUNCTION auctions_append_only()")
