"""auctions: the notice of a sale."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("auctions", sa.Column("notice_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_auctions_notice_id"), "auctions", ["notice_id"], unique=False)
    op.create_foreign_key(op.f("fk_auctions_notice_id"), "auctions", "notices", ["notice_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_auctions_notice_id"), "auctions", type_="foreignkey")
    op.drop_index(op.f("ix_auctions_notice_id"), table_name="auctions")
    op.drop_column("auctions", "notice_id")
