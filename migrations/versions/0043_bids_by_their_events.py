"""A bid refers to its auction by its public event alone: the same was checked twice for every bid.

Revision ID: 0042
Revises: 0041
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("fk_bids_auction_id", "bids", type_="foreignkey")


def downgrade() -> None:
    op.create_foreign_key("fk_bids_auction_id", "bids", "auctions", ["auction_id"], ["id"])
