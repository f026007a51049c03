"""Contracts: a record for each award."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contracts",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("offering_number", sa.Text(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("seller_party_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_party_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), server_default="CNY", nullable=False),
        sa.Column("source_achievement_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("source_demand_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirm_due_on", sa.Date(), nullable=False),
        sa.Column("sign_due_on", sa.Date(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("seller_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seller_confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("buyer_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("buyer_confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'confirmed') = (confirmed_at IS NOT NULL)", name=op.f("ck_contracts_confirmed_at")
        ),
        sa.CheckConstraint(
            "(status IN ('buyer_confirmed', 'confirmed')) = (buyer_confirmed_at IS NOT NULL)",
            name=op.f("ck_contracts_buyer_confirmed_at"),
        ),
        sa.CheckConstraint(
            "(status IN ('seller_confirmed', 'confirmed')) = (seller_confirmed_at IS NOT NULL)",
            name=op.f("ck_contracts_seller_confirmed_at"),
        ),
        sa.CheckConstraint(
            "category IN ('transfer', 'license', 'development', 'service')",
            name=op.f("ck_contracts_category"),
        ),
        sa.CheckConstraint("currency = 'CNY'", name=op.f("ck_contracts_currency")),
        sa.CheckConstraint(
            "status IN ('draft', 'seller_confirmed', 'buyer_confirmed', 'confirmed')",
            name=op.f("ck_contracts_status"),
        ),
        sa.CheckConstraint(
            "(buyer_confirmed_at IS NULL) = (buyer_confirmed_by IS NULL)",
            name=op.f("ck_contracts_buyer_confirmed_by"),
        ),
        sa.CheckConstraint(
            "(seller_confirmed_at IS NULL) = (seller_confirmed_by IS NULL)",
            name=op.f("ck_contracts_seller_confirmed_by"),
        ),
        sa.CheckConstraint(
            "(source_demand_id IS NULL) = (cardinality(source_achievement_ids) > 0)",
            name=op.f("ck_contracts_source"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_contracts_amount_minor")),
        sa.CheckConstraint("seller_party_id <> buyer_party_id", name=op.f("ck_contracts_two_parties")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_contracts_award_id")),
        sa.ForeignKeyConstraint(
            ["buyer_confirmed_by"], ["users.id"], name=op.f("fk_contracts_buyer_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["buyer_party_id"], ["parties.id"], name=op.f("fk_contracts_buyer_party_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_contracts_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_contracts_entered_on_behalf_of")
        ),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_contracts_offering_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_contracts_registration_id")
        ),
        sa.ForeignKeyConstraint(
            ["seller_confirmed_by"], ["users.id"], name=op.f("fk_contracts_seller_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["seller_party_id"], ["parties.id"], name=op.f("fk_contracts_seller_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_demand_id"], ["demands.id"], name=op.f("fk_contracts_source_demand_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
    )
    op.create_index("ix_contracts_buyer_party_id", "contracts", ["buyer_party_id", "id"], unique=False)
    op.create_index(op.f("ix_contracts_offering_id"), "contracts", ["offering_id"], unique=False)
    op.create_index(op.f("ix_contracts_region_code"), "contracts", ["region_code"], unique=False)
    op.create_index("ix_contracts_seller_party_id", "contracts", ["seller_party_id", "id"], unique=False)
    op.create_index("uq_contracts_award_id", "contracts", ["award_id"], unique=True)
    op.create_index("uq_contracts_number", "contracts", ["number"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_contracts_number", table_name="contracts")
    op.drop_index("uq_contracts_award_id", table_name="contracts")
    op.drop_index("ix_contracts_seller_party_id", table_name="contracts")
    op.drop_index(op.f("ix_contracts_region_code"), table_name="contracts")
    op.drop_index(op.f("ix_contracts_offering_id"), table_name="contracts")
    op.drop_index("ix_contracts_buyer_party_id", table_name="contracts")
    op.drop_table("contracts")
