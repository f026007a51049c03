"""Confirmation records that closes leave."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NOW = sa.text("market_now()")
_KEYS = (
    ("auction_id", "auctions"),
    ("award_id", "awards"),
    ("offering_id", "offerings"),
    ("seller_party_id", "parties"),
    ("buyer_signed_by", "users"),
    ("organiser_signed_by", "users"),
)


def upgrade() -> None:
    op.create_table(
        "sale_confirmations",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("auction_number", sa.Text(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("seller_party_id", sa.Uuid(), nullable=False),
        sa.Column("seller_name", sa.Text(), nullable=False),
        sa.Column("buyer_party_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("buyers", postgresql.JSONB(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("bidder_code", sa.Text(), nullable=False),
        sa.Column("bid_no", sa.Integer(), nullable=False),
        sa.Column("by_priority", sa.Boolean(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_figures", sa.Text(), nullable=False),
        sa.Column("price_capitals", sa.Text(), nullable=True),
        sa.Column("knocked_down_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("chain_head", postgresql.BYTEA(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), server_default="issued", nullable=False),
        sa.Column("buyer_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("buyer_signed_by", sa.Uuid(), nullable=True),
        sa.Column("buyer_signed_name", sa.Text(), nullable=True),
        sa.Column("organiser_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organiser_signed_by", sa.Uuid(), nullable=True),
        sa.Column("organiser_signed_name", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "status IN ('issued', 'buyer_signed', 'organiser_signed', 'signed', 'voided')",
            name=op.f("ck_sale_confirmations_status"),
        ),
        sa.CheckConstraint(
            "octet_length(chain_head) = 32 AND seq > 0 AND bid_no >= 0",
            name=op.f("ck_sale_confirmations_record"),
        ),
        sa.CheckConstraint(
            "price_minor > 0 AND cardinality(buyer_party_ids) > 0", name=op.f("ck_sale_confirmations_buyers")
        ),
        *(
            sa.CheckConstraint(
                f"status = 'voided' OR (status IN ('{side}_signed', 'signed')) = ({side}_signed_at IS NOT NULL)",
                name=op.f(f"ck_sale_confirmations_{side}_signed_at"),
            )
            for side in ("buyer", "organiser")
        ),
        sa.CheckConstraint(
            "(buyer_signed_at IS NULL) = (buyer_signed_by IS NULL)"
            " AND (organiser_signed_at IS NULL) = (organiser_signed_by IS NULL)",
            name=op.f("ck_sale_confirmations_signed_by"),
        ),
        sa.CheckConstraint(
            "buyer_signed_by <> organiser_signed_by", name=op.f("ck_sale_confirmations_two_persons")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_sale_confirmations_{column}"))
            for column, table in _KEYS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_confirmations")),
    )
    for column in ("number", "award_id", "auction_id"):
        op.create_index(f"uq_sale_confirmations_{column}", "sale_confirmations", [column], unique=True)
    op.create_index(op.f("ix_sale_confirmations_seller_party_id"), "sale_confirmations", ["seller_party_id"])
    op.create_index(
        "ix_sale_confirmations_buyers", "sale_confirmations", ["buyer_party_ids"], postgresql_using="gin"
    )


def downgrade() -> None:
    op.drop_table("sale_confirmations")
