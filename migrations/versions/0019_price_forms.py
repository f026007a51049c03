"""price forms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("awards", "contracts"):
        op.add_column(
            table,
            sa.Column(
                "price",
                postgresql.JSONB(),
                server_default=sa.text("""'{"kind": "lump_sum"}'::jsonb"""),
                nullable=False,
            ),
        )


def downgrade() -> None:
    for table in ("contracts", "awards"):
        op.drop_column(table, "price")
