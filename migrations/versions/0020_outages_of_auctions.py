"""Which outage an auction was last judged by."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "auctions", sa.Column("judged_outage_no", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.alter_column("auctions", "outage_no", type_=sa.BigInteger())


def downgrade() -> None:
    op.alter_column("auctions", "outage_no", type_=sa.Integer())
    op.drop_column("auctions", "judged_outage_no")
