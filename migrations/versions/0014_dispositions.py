"""Dispositions of forfeited deposits: who proposed, who confirmed, what went where."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ACCOUNTS = "'bank', 'unidentified', 'deposit', 'refund_payable', 'seller_payable', 'forfeited'"
_JOURNALS = (
    "'deposit_held', 'deposit_released', 'deposit_applied', 'deposit_divided', 'deposit_forfeited', %s'arrival_unidentified',"
    " 'arrival_returned', 'refund_sent', 'reversal'"
)
NOW = sa.text("market_now()")


def _kinds(accounts: str, journals: str) -> None:
    for table, kinds in (("accounts", accounts), ("journals", journals)):
        op.drop_constraint(op.f(f"ck_{table}_kind"), table)
        op.create_check_constraint(op.f(f"ck_{table}_kind"), table, f"kind IN ({kinds})")


def upgrade() -> None:
    _kinds(f"{_ACCOUNTS}, 'sale_costs'", _JOURNALS % "'deposit_disposed', ")
    op.create_table(
        "deposit_dispositions",
        sa.Column("deposit_id", sa.Uuid(), nullable=False),
        sa.Column("payer_party_id", sa.Uuid(), nullable=False),
        sa.Column("seller_party_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("costs_minor", sa.BigInteger(), nullable=False),
        sa.Column("shortfall_minor", sa.BigInteger(), nullable=False),
        sa.Column("seller_minor", sa.BigInteger(), nullable=False),
        sa.Column("claim_minor", sa.BigInteger(), nullable=False),
        sa.Column("costs_document_no", sa.Text(), nullable=True),
        sa.Column("shortfall_basis", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'confirmed', 'refused')", name=op.f("ck_deposit_dispositions_status")
        ),
        sa.CheckConstraint(
            "costs_minor >= 0 AND shortfall_minor >= 0 AND seller_minor >= 0 AND claim_minor >= 0",
            name=op.f("ck_deposit_dispositions_parts"),
        ),
        sa.CheckConstraint(
            "costs_minor + shortfall_minor + seller_minor = amount_minor",
            name=op.f("ck_deposit_dispositions_sum"),
        ),
        sa.CheckConstraint(
            "(status = 'proposed') = (decided_by IS NULL)", name=op.f("ck_deposit_dispositions_decided_by")
        ),
        sa.CheckConstraint("decided_by <> entered_by", name=op.f("ck_deposit_dispositions_second_person")),
        sa.CheckConstraint(
            "(status = 'confirmed') = (journal_id IS NOT NULL)",
            name=op.f("ck_deposit_dispositions_journal_id"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_deposit_dispositions_{column}"))
            for column, table in (
                ("deposit_id", "deposits"),
                ("payer_party_id", "parties"),
                ("seller_party_id", "parties"),
                ("decided_by", "users"),
                ("entered_by", "users"),
                ("entered_on_behalf_of", "parties"),
                ("journal_id", "journals"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_dispositions")),
    )
    op.create_index(
        "uq_deposit_dispositions_deposit_id",
        "deposit_dispositions",
        ["deposit_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_index(
        "ix_deposit_dispositions_seller_party_id", "deposit_dispositions", ["seller_party_id", "id"]
    )
    op.create_index(op.f("ix_deposit_dispositions_region_code"), "deposit_dispositions", ["region_code"])


def downgrade() -> None:
    op.drop_table("deposit_dispositions")
    _kinds(_ACCOUNTS, _JOURNALS % "")
