"""Offerings, their subjects and awards; registrations and who read them; negotiations; listings.

Awards, offers and the log of reads are only ever added to.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE FUNCTION markets_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this is only ever added to: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
NOW = sa.text("market_now()")
MADE = "offerings listings negotiations offering_subjects registration_reads registrations awards negotiation_offers"
KEPT = ("awards", "negotiation_offers", "registration_reads")


def _stamped() -> list[sa.Column[Any]]:
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ]


def _posted() -> list[sa.Column[Any]]:
    return [
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_on_behalf_of", sa.Uuid(), nullable=True),
    ]


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "offerings",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("seller_party_id", sa.Uuid(), nullable=False),
        sa.Column("holder_party_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("field_of_use", sa.Text(), nullable=True),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("awards_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("profile_code", sa.Text(), nullable=True),
        sa.Column("profile_version", sa.Integer(), nullable=True),
        sa.Column("decision_document_no", sa.Text(), nullable=True),
        sa.Column("decision_document_id", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("secrecy_reviewer", sa.Text(), nullable=True),
        sa.Column("secrecy_reviewed_on", sa.Date(), nullable=True),
        sa.Column("secrecy_document_no", sa.Text(), nullable=True),
        sa.Column("shares_declared", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("shares_declared_by", sa.Uuid(), nullable=True),
        sa.Column("buyer_conditions", sa.Text(), nullable=True),
        sa.Column("payment_terms", sa.Text(), nullable=True),
        sa.Column("ask_minor", sa.BigInteger(), nullable=True),
        sa.Column("period_days", sa.Integer(), nullable=True),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=True),
        sa.Column("registration_opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deposit_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_auction", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("withdrawal_document_no", sa.Text(), nullable=True),
        sa.Column("public_amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_stamped(),
        *_posted(),
        sa.CheckConstraint(
            "coalesce(capacity = 1, false) OR NOT (mode IN ('transfer', 'license_exclusive', 'license_sole'))",
            name=op.f("ck_offerings_capacity_of_mode"),
        ),
        sa.CheckConstraint(
            "mode IN ('transfer', 'license_exclusive', 'license_sole', 'license_ordinary', 'development', 'service')",
            name=op.f("ck_offerings_mode"),
        ),
        sa.CheckConstraint(
            "path = 'listed' OR (ask_minor IS NULL AND period_days IS NULL)",
            name=op.f("ck_offerings_ask_of_path"),
        ),
        sa.CheckConstraint("path IN ('negotiated', 'listed', 'auction')", name=op.f("ck_offerings_path")),
        sa.CheckConstraint(
            "profile_code IN ('UNI_ZJ', 'UNI_CN', 'SOE', 'PRIVATE')", name=op.f("ck_offerings_profile_code")
        ),
        sa.CheckConstraint(
            "profile_code IS NOT NULL OR subject_kind = 'demand' OR status IN ('draft', 'withdrawn')",
            name=op.f("ck_offerings_profile_pinned"),
        ),
        sa.CheckConstraint("status <> 'awarded' OR awards_count > 0", name=op.f("ck_offerings_awarded")),
        sa.CheckConstraint("status <> 'failed' OR awards_count = 0", name=op.f("ck_offerings_failed")),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'approved', 'open', 'awarded', 'failed', 'withdrawn')",
            name=op.f("ck_offerings_status"),
        ),
        sa.CheckConstraint(
            "subject_kind IN ('achievement', 'demand')", name=op.f("ck_offerings_subject_kind")
        ),
        sa.CheckConstraint(
            "withdrawal_reason IN ('right_lapsed', 'right_disputed', 'decision_revoked', 'sold_elsewhere', 'other')",
            name=op.f("ck_offerings_withdrawal_reason"),
        ),
        sa.CheckConstraint(
            "(profile_code IS NULL) = (profile_version IS NULL)", name=op.f("ck_offerings_profile")
        ),
        sa.CheckConstraint(
            "(registration_opens_at IS NULL) = (registration_ends_at IS NULL) AND (registration_opens_at IS NULL) = (deposit_due_at IS NULL) AND registration_opens_at < registration_ends_at",
            name=op.f("ck_offerings_window"),
        ),
        sa.CheckConstraint("ask_minor > 0", name=op.f("ck_offerings_ask")),
        sa.CheckConstraint(
            "awards_count >= 0 AND awards_count <= coalesce(capacity, awards_count)",
            name=op.f("ck_offerings_awards"),
        ),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_offerings_capacity")),
        sa.CheckConstraint("deposit_minor >= 0", name=op.f("ck_offerings_deposit")),
        sa.CheckConstraint("period_days > 0", name=op.f("ck_offerings_period")),
        sa.CheckConstraint("term_months > 0", name=op.f("ck_offerings_term")),
        _key("offerings", "entered_by", "users"),
        _key("offerings", "entered_on_behalf_of", "parties"),
        _key("offerings", "holder_party_id", "parties"),
        _key("offerings", "reviewed_by", "users"),
        _key("offerings", "seller_party_id", "parties"),
        _key("offerings", "shares_declared_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offerings")),
    )
    op.create_index(op.f("ix_offerings_holder_party_id"), "offerings", ["holder_party_id"])
    op.create_index(
        "ix_offerings_public",
        "offerings",
        ["sorted_at", "id"],
        postgresql_where=sa.text("opened_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_offerings_region_code"), "offerings", ["region_code"])
    op.create_index("ix_offerings_seller_party_id", "offerings", ["seller_party_id", "sorted_at", "id"])
    op.create_index("ix_offerings_status", "offerings", ["status", "sorted_at", "id"])
    op.create_index("uq_offerings_number", "offerings", ["number"], unique=True)
    op.create_table(
        "listings",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evaluates_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_off_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        *_stamped(),
        sa.CheckConstraint(
            "result IN ('no_buyer', 'single_buyer', 'competition', 'period_over', 'withdrawn')",
            name=op.f("ck_listings_result"),
        ),
        sa.CheckConstraint("(result IS NULL) = (evaluated_at IS NULL)", name=op.f("ck_listings_evaluated")),
        sa.CheckConstraint("ends_at <= evaluates_at", name=op.f("ck_listings_order")),
        sa.CheckConstraint("put_off_count >= 0", name=op.f("ck_listings_put_off_count")),
        _key("listings", "offering_id", "offerings"),
        _key("listings", "published_by", "users"),
        sa.PrimaryKeyConstraint("offering_id", name=op.f("pk_listings")),
    )
    op.create_index(
        "ix_listings_due",
        "listings",
        ["next_due_at"],
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_table(
        "negotiations",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_party_id", sa.Uuid(), nullable=False),
        sa.Column("seller_party_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("rounds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accepted_round", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_stamped(),
        *_posted(),
        sa.CheckConstraint(
            "(status = 'agreed') = (accepted_round IS NOT NULL)", name=op.f("ck_negotiations_accepted")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'agreed', 'declined', 'withdrawn', 'expired', 'closed')",
            name=op.f("ck_negotiations_status"),
        ),
        sa.CheckConstraint(
            "accepted_round BETWEEN 1 AND rounds", name=op.f("ck_negotiations_accepted_round")
        ),
        sa.CheckConstraint("buyer_party_id <> seller_party_id", name=op.f("ck_negotiations_two_parties")),
        sa.CheckConstraint("rounds >= 0", name=op.f("ck_negotiations_rounds")),
        _key("negotiations", "buyer_party_id", "parties"),
        _key("negotiations", "entered_by", "users"),
        _key("negotiations", "entered_on_behalf_of", "parties"),
        _key("negotiations", "offering_id", "offerings"),
        _key("negotiations", "seller_party_id", "parties"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negotiations")),
    )
    op.create_index("ix_negotiations_buyer_party_id", "negotiations", ["buyer_party_id", "id"])
    op.create_index(
        "ix_negotiations_due",
        "negotiations",
        ["next_due_at"],
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_negotiations_offering_id"), "negotiations", ["offering_id"])
    op.create_index(op.f("ix_negotiations_region_code"), "negotiations", ["region_code"])
    op.create_index("ix_negotiations_seller_party_id", "negotiations", ["seller_party_id", "id"])
    op.create_index(
        "uq_negotiations_open",
        "negotiations",
        ["offering_id", "buyer_party_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "offering_subjects",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=True),
        sa.Column("demand_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(achievement_id IS NULL) <> (demand_id IS NULL)", name=op.f("ck_offering_subjects_one")
        ),
        _key("offering_subjects", "achievement_id", "achievements"),
        _key("offering_subjects", "demand_id", "demands"),
        sa.ForeignKeyConstraint(
            ["offering_id"],
            ["offerings.id"],
            name=op.f("fk_offering_subjects_offering_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("offering_id", "position", name=op.f("pk_offering_subjects")),
    )
    op.create_index("ix_offering_subjects_achievement_id", "offering_subjects", ["achievement_id"])
    op.create_index("ix_offering_subjects_demand_id", "offering_subjects", ["demand_id"])
    op.create_index(
        "uq_offering_subjects_achievement",
        "offering_subjects",
        ["offering_id", "achievement_id"],
        unique=True,
    )
    op.create_table(
        "registration_reads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("registration_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        _key("registration_reads", "offering_id", "offerings"),
        _key("registration_reads", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_reads")),
    )
    op.create_index("ix_registration_reads_offering_id", "registration_reads", ["offering_id", "id"])
    op.create_index(op.f("ix_registration_reads_user_id"), "registration_reads", ["user_id"])
    op.create_table(
        "registrations",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_party_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="registered", nullable=False),
        sa.Column("agent_name", sa.Text(), nullable=True),
        sa.Column("agent_phone", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("quote_minor", sa.BigInteger(), nullable=True),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=False),
        sa.Column("deposit_held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("bidder_code", sa.Text(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_stamped(),
        *_posted(),
        sa.CheckConstraint(
            "status IN ('registered', 'qualifying', 'qualified_pending_deposit', 'qualified', 'winner', 'not_winner', 'waived', 'disqualified')",
            name=op.f("ck_registrations_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('qualified', 'winner', 'not_winner') OR (passed AND (deposit_minor = 0 OR deposit_held_at IS NOT NULL))",
            name=op.f("ck_registrations_qualified"),
        ),
        sa.CheckConstraint("(passed IS NULL) = (decided_by IS NULL)", name=op.f("ck_registrations_decided")),
        sa.CheckConstraint("deposit_minor >= 0", name=op.f("ck_registrations_deposit")),
        sa.CheckConstraint("quote_minor > 0", name=op.f("ck_registrations_quote")),
        _key("registrations", "buyer_party_id", "parties"),
        _key("registrations", "decided_by", "users"),
        _key("registrations", "entered_by", "users"),
        _key("registrations", "entered_on_behalf_of", "parties"),
        _key("registrations", "offering_id", "offerings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
    )
    op.create_index("ix_registrations_buyer_party_id", "registrations", ["buyer_party_id", "id"])
    op.create_index(op.f("ix_registrations_region_code"), "registrations", ["region_code"])
    op.create_index("uq_registrations_buyer", "registrations", ["offering_id", "buyer_party_id"], unique=True)
    op.create_index("uq_registrations_code", "registrations", ["offering_id", "bidder_code"], unique=True)
    op.create_index("uq_registrations_number", "registrations", ["number"], unique=True)
    op.create_table(
        "awards",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seller_party_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_party_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "rule IN ('negotiated_acceptance', 'listed_single_buyer', 'listed_fixed_price', 'listed_competition', 'auction_highest_bid', 'demand_choice')",
            name=op.f("ck_awards_rule"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_awards_amount")),
        sa.CheckConstraint("buyer_party_id <> seller_party_id", name=op.f("ck_awards_two_parties")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_awards_position")),
        _key("awards", "buyer_party_id", "parties"),
        _key("awards", "offering_id", "offerings"),
        _key("awards", "registration_id", "registrations"),
        _key("awards", "seller_party_id", "parties"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
    )
    op.create_index("ix_awards_buyer_party_id", "awards", ["buyer_party_id"])
    op.create_index("uq_awards_buyer", "awards", ["offering_id", "buyer_party_id"], unique=True)
    op.create_index("uq_awards_position", "awards", ["offering_id", "position"], unique=True)
    op.create_index("uq_awards_registration_id", "awards", ["registration_id"], unique=True)
    op.create_table(
        "negotiation_offers",
        sa.Column("negotiation_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("side IN ('seller', 'buyer')", name=op.f("ck_negotiation_offers_side")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_negotiation_offers_amount")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_negotiation_offers_round")),
        sa.CheckConstraint("valid_until > made_at", name=op.f("ck_negotiation_offers_valid_until")),
        _key("negotiation_offers", "made_by", "users"),
        _key("negotiation_offers", "negotiation_id", "negotiations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negotiation_offers")),
    )
    op.create_index(
        "uq_negotiation_offers_round", "negotiation_offers", ["negotiation_id", "round"], unique=True
    )
    op.execute(APPEND_ONLY)
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " EXECUTE FUNCTION markets_append_only()"
        )


def downgrade() -> None:
    for table in reversed(MADE.split()):
        op.drop_table(table)
    op.execute("DROP FUNCTION markets_append_only()")
