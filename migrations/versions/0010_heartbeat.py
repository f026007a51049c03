"""The heartbeat of serving processes, and the gaps in it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("real_at", INSTANT, nullable=True),
        sa.Column("at", INSTANT, nullable=True),
        sa.Column("before_real_at", INSTANT, nullable=True),
        sa.Column("before_at", INSTANT, nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_heartbeat_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )
    # Changed twice a second: room for its next versions on the same page.
    op.execute("ALTER TABLE heartbeat SET (fillfactor = 10)")
    op.execute("INSERT INTO heartbeat (id) VALUES (1)")
    op.create_table(
        "outages",
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("began_real_at", INSTANT, nullable=False),
        sa.Column("ended_real_at", INSTANT, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=False),
        sa.CheckConstraint("began_real_at < ended_real_at", name=op.f("ck_outages_order")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_outages")),
    )


def downgrade() -> None:
    op.drop_table("outages")
    op.drop_table("heartbeat")
