"""Sessions: lots in brochure order, who takes part with how many deposit units, paddles."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sale_sessions",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("auction_house", sa.Text(), nullable=True),
        sa.Column("auctioneer_id", sa.Uuid(), nullable=True),
        sa.Column("auctioneer_licence_no", sa.Text(), nullable=True),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("day_opens", sa.Text(), nullable=False),
        sa.Column("day_ends", sa.Text(), nullable=False),
        sa.Column("adjourns", sa.Boolean(), nullable=False),
        sa.Column("gap_seconds", sa.Integer(), nullable=False),
        sa.Column("call_seconds", sa.Integer(), nullable=False),
        sa.Column("unit_minor", sa.BigInteger(), nullable=True),
        sa.Column("units_max", sa.Integer(), nullable=False),
        sa.Column("paddle_first", sa.Integer(), nullable=False),
        sa.Column("paddle_last", sa.Integer(), nullable=False),
        sa.Column("registration_opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deposit_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("readied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("continues_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_on_behalf_of", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(organiser = 'licensed_auction_house') = (auction_house IS NOT NULL AND auctioneer_licence_no IS NOT NULL)",
            name=op.f("ck_sale_sessions_house"),
        ),
        sa.CheckConstraint(
            "(status = 'adjourned') = (continues_at IS NOT NULL)", name=op.f("ck_sale_sessions_continues_at")
        ),
        sa.CheckConstraint(
            "(status = 'draft') = (starts_at IS NULL)", name=op.f("ck_sale_sessions_starts_at")
        ),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_sale_sessions_ended_at")
        ),
        sa.CheckConstraint(
            "organiser IN ('exchange_online_bidding', 'licensed_auction_house')",
            name=op.f("ck_sale_sessions_organiser"),
        ),
        sa.CheckConstraint(
            "profile IN ('hall', 'online_session', 'online_long')", name=op.f("ck_sale_sessions_profile")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'noticed', 'running', 'adjourned', 'ended')",
            name=op.f("ck_sale_sessions_status"),
        ),
        sa.CheckConstraint(
            "gap_seconds >= 0 AND call_seconds BETWEEN 10 AND 30", name=op.f("ck_sale_sessions_seconds")
        ),
        sa.CheckConstraint(
            "paddle_first > 0 AND paddle_last >= paddle_first", name=op.f("ck_sale_sessions_paddles")
        ),
        sa.CheckConstraint("unit_minor >= 0", name=op.f("ck_sale_sessions_unit")),
        sa.ForeignKeyConstraint(["auctioneer_id"], ["users.id"], name=op.f("fk_sale_sessions_auctioneer_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_sale_sessions_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_sale_sessions_entered_on_behalf_of")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_sessions")),
    )
    op.create_index(op.f("ix_sale_sessions_auctioneer_id"), "sale_sessions", ["auctioneer_id"], unique=False)
    op.create_index(
        "ix_sale_sessions_due",
        "sale_sessions",
        ["next_due_at"],
        unique=False,
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index("ix_sale_sessions_listing", "sale_sessions", ["sorted_at", "id"], unique=False)
    op.create_index(op.f("ix_sale_sessions_region_code"), "sale_sessions", ["region_code"], unique=False)
    op.create_index("uq_sale_sessions_number", "sale_sessions", ["number"], unique=True)
    op.create_table(
        "session_lots",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("lot_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("lot_no > 0", name=op.f("ck_session_lots_lot_no")),
        sa.ForeignKeyConstraint(["auction_id"], ["auctions.id"], name=op.f("fk_session_lots_auction_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sale_sessions.id"], name=op.f("fk_session_lots_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "lot_no", name=op.f("pk_session_lots")),
    )
    op.create_index("uq_session_lots_auction_id", "session_lots", ["auction_id"], unique=True)
    op.create_table(
        "session_registrations",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_party_id", sa.Uuid(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("units_leading", sa.Integer(), server_default="0", nullable=False),
        sa.Column("units_won", sa.Integer(), server_default="0", nullable=False),
        sa.Column("agent_name", sa.Text(), nullable=True),
        sa.Column("agent_phone", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("paddle_no", sa.Integer(), nullable=True),
        sa.Column("handed_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_out_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
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
            "(handed_out_at IS NULL) = (handed_out_by IS NULL)",
            name=op.f("ck_session_registrations_handed_out"),
        ),
        sa.CheckConstraint(
            "(passed IS NULL) = (decided_by IS NULL)", name=op.f("ck_session_registrations_decided")
        ),
        sa.CheckConstraint(
            "handed_out_at IS NULL OR paddle_no IS NOT NULL", name=op.f("ck_session_registrations_paddle")
        ),
        sa.CheckConstraint(
            "units >= 0 AND units_leading >= 0 AND units_won >= 0",
            name=op.f("ck_session_registrations_units"),
        ),
        sa.CheckConstraint(
            "units_leading + units_won <= units", name=op.f("ck_session_registrations_units_free")
        ),
        sa.ForeignKeyConstraint(
            ["buyer_party_id"], ["parties.id"], name=op.f("fk_session_registrations_buyer_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_session_registrations_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["users.id"], name=op.f("fk_session_registrations_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"],
            ["parties.id"],
            name=op.f("fk_session_registrations_entered_on_behalf_of"),
        ),
        sa.ForeignKeyConstraint(
            ["handed_out_by"], ["users.id"], name=op.f("fk_session_registrations_handed_out_by")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sale_sessions.id"], name=op.f("fk_session_registrations_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_registrations")),
    )
    op.create_index(
        "ix_session_registrations_buyer_party_id",
        "session_registrations",
        ["buyer_party_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_registrations_region_code"), "session_registrations", ["region_code"], unique=False
    )
    op.create_index(
        "uq_session_registrations_buyer",
        "session_registrations",
        ["session_id", "buyer_party_id"],
        unique=True,
    )
    op.create_index("uq_session_registrations_number", "session_registrations", ["number"], unique=True)
    op.create_index(
        "uq_session_registrations_paddle", "session_registrations", ["session_id", "paddle_no"], unique=True
    )
    op.create_table(
        "unit_holds",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("session_registration_id", sa.Uuid(), nullable=False),
        sa.Column("won", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["auction_id"], ["auctions.id"], name=op.f("fk_unit_holds_auction_id")),
        sa.ForeignKeyConstraint(
            ["session_registration_id"],
            ["session_registrations.id"],
            name=op.f("fk_unit_holds_session_registration_id"),
        ),
        sa.PrimaryKeyConstraint("auction_id", name=op.f("pk_unit_holds")),
    )
    op.create_index(
        op.f("ix_unit_holds_session_registration_id"), "unit_holds", ["session_registration_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("unit_holds")
    op.drop_table("session_registrations")
    op.drop_table("session_lots")
    op.drop_table("sale_sessions")
