"""Where a listing stands, and its kind.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

RUNNING = "(status IN ('listed', 'suspended', 'evaluating')) = (evaluated_at IS NULL)"


def upgrade() -> None:
    op.add_column("listings", sa.Column("status", sa.Text(), server_default="listed", nullable=False))
    op.add_column("listings", sa.Column("kind", sa.Text(), server_default="one", nullable=False))
    op.execute(
        "UPDATE listings SET status = CASE result WHEN 'no_buyer' THEN 'unsold' WHEN 'single_buyer' THEN 'awarded'"
        " WHEN 'competition' THEN 'competition' WHEN 'period_over' THEN 'over' ELSE 'withdrawn' END"
        " WHERE result IS NOT NULL"
    )
    op.execute(
        "UPDATE listings SET kind = 'fixed_price' FROM offerings"
        " WHERE offerings.id = listings.offering_id AND offerings.capacity IS DISTINCT FROM 1"
    )
    op.execute(
        "UPDATE listings SET status = CASE offerings.status WHEN 'awarded' THEN 'awarded' ELSE 'unsold' END"
        " FROM offerings WHERE offerings.id = listings.offering_id AND listings.status = 'competition'"
        " AND offerings.status <> 'open'"
    )
    op.execute("UPDATE listings SET next_due_at = ends_at WHERE evaluated_at IS NULL")
    op.alter_column("listings", "kind", server_default=None)
    op.create_check_constraint(
        op.f("ck_listings_status"),
        "listings",
        "status IN ('listed', 'suspended', 'evaluating', 'quoting', 'competition', 'awarded', 'unsold', 'over',"
        " 'terminated', 'withdrawn')",
    )
    op.create_check_constraint(op.f("ck_listings_kind"), "listings", "kind IN ('one', 'fixed_price')")
    op.create_check_constraint(op.f("ck_listings_running"), "listings", RUNNING)


def downgrade() -> None:
    for name in ("running", "kind", "status"):
        op.drop_constraint(op.f(f"ck_listings_{name}"), "listings", type_="check")
    op.drop_column("listings", "kind")
    op.drop_column("listings", "status")
