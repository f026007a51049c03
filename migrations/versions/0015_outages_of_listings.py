"""Which outage a window was last judged by; windows that stand still while their sale is suspended."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offerings", sa.Column("registration_paused_at", sa.DateTime(timezone=True), nullable=True))
    for table in ("offerings", "listings"):
        op.add_column(table, sa.Column("outage_no", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    for table in ("listings", "offerings"):
        op.drop_column(table, "outage_no")
    op.drop_column("offerings", "registration_paused_at")
