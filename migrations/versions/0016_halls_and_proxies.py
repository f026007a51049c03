"""halls and proxies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEFORE = (
    "draft noticed registration_open registration_closed ready free_bidding timed_bidding suspended awarded passed_in"
    " cancelled"
)
AFTER = (
    "draft noticed registration_open registration_closed ready free_bidding timed_bidding on_the_block sealing opening"
    " priority_pending adjourned suspended awarded passed_in cancelled"
)


def _one_of(words: str) -> str:
    return "status IN (" + ", ".join(f"'{word}'" for word in words.split()) + ")"


def _check(name: str, text: str) -> None:
    op.create_check_constraint(op.f(f"ck_auctions_{name}"), "auctions", text)


def _uncheck(*names: str) -> None:
    for name in names:
        op.drop_constraint(op.f(f"ck_auctions_{name}"), "auctions", type_="check")


def upgrade() -> None:
    _uncheck("status", "price_of_bids", "leader_of_bids", "award_of_bids")
    _check("status", _one_of(AFTER))
    _check("price_of_bids", "current_minor IS NULL OR bid_no > 0")
    _check("leader_of_price", "(leader_code IS NULL) = (current_minor IS NULL)")
    _check("award_of_leader", "status <> 'awarded' OR leader_code IS NOT NULL")
    op.drop_column("auctions", "leader_seq")
    op.add_column(
        "auctions",
        sa.Column("folded", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
    )
    op.add_column("auctions", sa.Column("outage_no", sa.Integer(), server_default="0", nullable=False))
    op.add_column("auctions", sa.Column("proxy_no", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "auctions",
        sa.Column("days", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
    op.add_column("bids", sa.Column("via", sa.Text(), server_default="web", nullable=False))
    op.create_table(
        "auction_reserves",
        sa.Column("auction_id", sa.Uuid(), sa.ForeignKey("auctions.id"), nullable=False),
        sa.Column("reserve_minor", sa.BigInteger(), nullable=False),
        sa.Column("salt", postgresql.BYTEA(), nullable=False),
        sa.CheckConstraint(
            "reserve_minor > 0 AND octet_length(salt) = 16", name=op.f("ck_auction_reserves_values")
        ),
        sa.PrimaryKeyConstraint("auction_id", name=op.f("pk_auction_reserves")),
    )
    _make_proxies()


def _make_proxies() -> None:
    op.create_table(
        "auction_proxies",
        sa.Column("auction_id", sa.Uuid(), sa.ForeignKey("auctions.id"), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("registration_id", sa.Uuid(), sa.ForeignKey("registrations.id"), nullable=False),
        sa.Column("bidder_code", sa.Text(), nullable=False),
        sa.Column("max_minor", sa.BigInteger(), nullable=False),
        sa.Column("salt", postgresql.BYTEA(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="web", nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("placed_by", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "no > 0 AND max_minor > 0 AND octet_length(salt) = 16", name=op.f("ck_auction_proxies_values")
        ),
        sa.CheckConstraint(
            "source IN ('web', 'absentee', 'telephone')", name=op.f("ck_auction_proxies_source")
        ),
        sa.CheckConstraint(
            "(source = 'web') = (document_no IS NULL)", name=op.f("ck_auction_proxies_document")
        ),
        sa.PrimaryKeyConstraint("auction_id", "no", name=op.f("pk_auction_proxies")),
    )
    op.create_index(
        "uq_auction_proxies_in_force",
        "auction_proxies",
        ["auction_id", "registration_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_auction_proxies_registration_id", "auction_proxies", ["registration_id"])


def downgrade() -> None:
    op.drop_table("auction_proxies")
    op.drop_table("auction_reserves")
    op.drop_column("bids", "via")
    for column in ("days", "proxy_no", "outage_no", "folded"):
        op.drop_column("auctions", column)
    op.add_column("auctions", sa.Column("leader_seq", sa.Integer(), nullable=True))
    _uncheck("status", "price_of_bids", "leader_of_price", "award_of_leader")
    _check("status", _one_of(BEFORE))
    _check("price_of_bids", "(current_minor IS NULL) = (bid_no = 0)")
    _check("leader_of_bids", "(leader_code IS NULL) = (bid_no = 0)")
    _check("award_of_bids", "status <> 'awarded' OR bid_no > 0")
