"""Findings that the buyer of a sale is in default; a lot may be put up again after a re-auction that was discarded."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NOW = sa.text("market_now()")
_KEYS = (
    ("auction_id", "auctions"),
    ("award_id", "awards"),
    ("registration_id", "registrations"),
    ("seller_party_id", "parties"),
    ("buyer_party_id", "parties"),
    ("decided_by", "users"),
    ("entered_by", "users"),
    ("entered_on_behalf_of", "parties"),
)


def upgrade() -> None:
    op.create_table(
        "buyer_defaults",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("seller_party_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_party_id", sa.Uuid(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("forfeited_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_on_behalf_of", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('proposed', 'confirmed', 'refused')", name=op.f("ck_buyer_defaults_status")
        ),
        sa.CheckConstraint(
            "ground IN ('declared', 'not_confirmed', 'not_signed', 'not_paid')",
            name=op.f("ck_buyer_defaults_ground"),
        ),
        sa.CheckConstraint(
            "(status = 'proposed') = (decided_by IS NULL)", name=op.f("ck_buyer_defaults_decided_by")
        ),
        sa.CheckConstraint("decided_by <> entered_by", name=op.f("ck_buyer_defaults_second_person")),
        sa.CheckConstraint(
            "price_minor >= 0 AND forfeited_minor >= 0", name=op.f("ck_buyer_defaults_amounts")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_buyer_defaults_{column}"))
            for column, table in _KEYS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_defaults")),
    )
    op.create_index(
        "uq_buyer_defaults_auction_id",
        "buyer_defaults",
        ["auction_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_index("ix_buyer_defaults_buyer_party_id", "buyer_defaults", ["buyer_party_id", "id"])
    op.create_index(op.f("ix_buyer_defaults_region_code"), "buyer_defaults", ["region_code"])
    op.drop_index("uq_offerings_previous_offering_id", table_name="offerings")
    op.create_index("ix_offerings_previous_offering_id", "offerings", ["previous_offering_id"])


def downgrade() -> None:
    op.drop_index("ix_offerings_previous_offering_id", table_name="offerings")
    op.create_index("uq_offerings_previous_offering_id", "offerings", ["previous_offering_id"], unique=True)
    op.drop_table("buyer_defaults")
