"""notices: the objections whose deadlines rest on undecided days."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_objections_uncounted",
        "objections",
        ["calendar_no"],
        postgresql_where=sa.text("provisional AND status IN ('accepted', 'filed', 'investigating')"),
    )


def downgrade() -> None:
    op.drop_index("ix_objections_uncounted", table_name="objections")
