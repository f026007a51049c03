"""How many minutes late a deposit may still be accepted, as a sale's notice says."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offerings", sa.Column("late_minutes", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("offerings", "late_minutes")
