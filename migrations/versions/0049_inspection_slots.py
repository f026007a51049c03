"""Inspection: slots at which an offering can be seen, and who has booked them."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def upgrade() -> None:
    op.create_table(
        "inspection_slots",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", _AT, nullable=False),
        sa.Column("ends_at", _AT, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _AT, server_default=sa.text("market_now()"), nullable=False),
        sa.Column("updated_at", _AT, server_default=sa.text("market_now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("status IN ('open', 'cancelled')", name=op.f("ck_inspection_slots_status")),
        sa.CheckConstraint("ends_at > starts_at AND capacity > 0", name=op.f("ck_inspection_slots_times")),
        *_keys("inspection_slots", offering_id="offerings", made_by="users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_slots")),
    )
    op.create_index("ix_inspection_slots_offering_id", "inspection_slots", ["offering_id", "starts_at", "id"])
    op.create_table(
        "slot_bookings",
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("booked_at", _AT, nullable=False),
        *_keys("slot_bookings", slot_id="inspection_slots", party_id="parties", user_id="users"),
        sa.PrimaryKeyConstraint("slot_id", "party_id", name=op.f("pk_slot_bookings")),
    )


def downgrade() -> None:
    op.drop_table("slot_bookings")
    op.drop_table("inspection_slots")
