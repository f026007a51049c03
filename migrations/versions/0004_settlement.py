"""Settlement: the ledger and its guards, deposits, bank arrivals, refunds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Accounts: opened empty; balances move by postings alone (a change from outside comes at depth 1).
ACCOUNT_GUARD = """
CREATE FUNCTION accounts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.balance_minor <> 0 THEN
            RAISE EXCEPTION 'an account opens empty' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the balance of an account moves by postings alone' USING ERRCODE = 'insufficient_privilege';
END $$
"""

APPEND_ONLY = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only ever added to: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""

POSTING_WRITTEN = """
CREATE FUNCTION postings_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM journals WHERE id = NEW.journal_id AND xid = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a journal is written in one transaction' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE accounts SET balance_minor = balance_minor + NEW.amount_minor WHERE id = NEW.account_id;
    RETURN NULL;
END $$
"""

# Asked at commit for each journal and each posting: two lines or more, and nothing left over.
JOURNAL_BALANCED = """
CREATE FUNCTION journals_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    journal uuid;
    lines bigint;
    total numeric;
BEGIN
    journal := CASE TG_TABLE_NAME WHEN 'journals' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'journal_id' END;
    SELECT count(*), coalesce(sum(amount_minor), 0) INTO lines, total FROM postings WHERE journal_id = journal;
    IF lines < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'journal % has % lines and sums to %', journal, lines, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    (
        "CREATE TRIGGER accounts_guard BEFORE INSERT OR UPDATE OR DELETE ON accounts"
        " FOR EACH ROW EXECUTE FUNCTION accounts_guard()"
    ),
    "CREATE TRIGGER accounts_kept BEFORE TRUNCATE ON accounts EXECUTE FUNCTION ledger_append_only()",
    (
        "CREATE TRIGGER journals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journals"
        " EXECUTE FUNCTION ledger_append_only()"
    ),
    (
        "CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postings"
        " EXECUTE FUNCTION ledger_append_only()"
    ),
    (
        "CREATE TRIGGER postings_written AFTER INSERT ON postings"
        " FOR EACH ROW EXECUTE FUNCTION postings_written()"
    ),
    (
        "CREATE CONSTRAINT TRIGGER journals_balanced AFTER INSERT ON journals DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION journals_balanced()"
    ),
    (
        "CREATE CONSTRAINT TRIGGER postings_balanced AFTER INSERT ON postings DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION journals_balanced()"
    ),
)
FUNCTIONS = ("accounts_guard", "ledger_append_only", "postings_written", "journals_balanced")


def upgrade() -> None:
    op.create_table(
        "deposit_reads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("deposit_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_deposit_reads_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_reads")),
    )
    op.create_index(op.f("ix_deposit_reads_user_id"), "deposit_reads", ["user_id"], unique=False)
    op.create_table(
        "journals",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference_kind", sa.Text(), nullable=False),
        sa.Column("reference_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_journals_reverses_id")
        ),
        sa.CheckConstraint(
            "kind IN ('deposit_held', 'deposit_released', 'deposit_applied', 'deposit_forfeited', 'arrival_unidentified', 'arrival_returned', 'refund_sent', 'reversal')",
            name=op.f("ck_journals_kind"),
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_journals_entered_by")),
        sa.ForeignKeyConstraint(["reverses_id"], ["journals.id"], name=op.f("fk_journals_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journals")),
    )
    op.create_index("ix_journals_reference_id", "journals", ["reference_id"], unique=False)
    op.create_index("uq_journals_reverses_id", "journals", ["reverses_id"], unique=True)
    op.create_table(
        "deposits",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reference_id", sa.Uuid(), nullable=False),
        sa.Column("payer_party_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), server_default="CNY", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), server_default="required", nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("decision_reference", sa.Text(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("applied_to_party_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'applied') = (contract_id IS NOT NULL AND applied_to_party_id IS NOT NULL)",
            name=op.f("ck_deposits_applied"),
        ),
        sa.CheckConstraint(
            "(status IN ('required', 'held')) = (ended_at IS NULL)", name=op.f("ck_deposits_ended_at")
        ),
        sa.CheckConstraint(
            "(status IN ('required', 'lapsed')) = (held_at IS NULL)", name=op.f("ck_deposits_held_at")
        ),
        sa.CheckConstraint("currency = 'CNY'", name=op.f("ck_deposits_currency")),
        sa.CheckConstraint(
            "status <> 'forfeited' OR decision_reference IS NOT NULL",
            name=op.f("ck_deposits_decision_reference"),
        ),
        sa.CheckConstraint(
            "status IN ('required', 'held', 'released', 'applied', 'forfeited', 'lapsed')",
            name=op.f("ck_deposits_status"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_deposits_amount_minor")),
        sa.ForeignKeyConstraint(
            ["applied_to_party_id"], ["parties.id"], name=op.f("fk_deposits_applied_to_party_id")
        ),
        sa.ForeignKeyConstraint(["payer_party_id"], ["parties.id"], name=op.f("fk_deposits_payer_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
    )
    op.create_index(op.f("ix_deposits_payer_party_id"), "deposits", ["payer_party_id"], unique=False)
    op.create_index(op.f("ix_deposits_region_code"), "deposits", ["region_code"], unique=False)
    op.create_index("uq_deposits_number", "deposits", ["number"], unique=True)
    op.create_index("uq_deposits_reference_id", "deposits", ["reference_id"], unique=True)
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), server_default="CNY", nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("balance_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.CheckConstraint(
            "(kind = 'deposit') = (deposit_id IS NOT NULL)", name=op.f("ck_accounts_deposit_id")
        ),
        sa.CheckConstraint(
            "CASE WHEN kind = 'bank' THEN balance_minor >= 0 ELSE balance_minor <= 0 END",
            name=op.f("ck_accounts_balance_minor"),
        ),
        sa.CheckConstraint("currency = 'CNY'", name=op.f("ck_accounts_currency")),
        sa.CheckConstraint(
            "kind = 'refund_payable' OR (kind = 'seller_payable') = (party_id IS NOT NULL)",
            name=op.f("ck_accounts_party_id"),
        ),
        sa.CheckConstraint(
            "kind IN ('bank', 'unidentified', 'deposit', 'refund_payable', 'seller_payable', 'forfeited')",
            name=op.f("ck_accounts_kind"),
        ),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_accounts_deposit_id")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_accounts_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "kind",
            "currency",
            "party_id",
            "deposit_id",
            name="uq_accounts_owner",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "bank_arrivals",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("bank_reference", sa.Text(), nullable=False),
        sa.Column("payer_name", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), server_default="CNY", nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remittance_note", sa.Text(), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="entered", nullable=False),
        sa.Column("exception", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
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
            "(status = 'entered') = (decided_by IS NULL)", name=op.f("ck_bank_arrivals_decided_by")
        ),
        sa.CheckConstraint("currency = 'CNY'", name=op.f("ck_bank_arrivals_currency")),
        sa.CheckConstraint(
            "exception IN ('deposit_unknown', 'deposit_not_open', 'payer_name_differs', 'amount_short', 'arrived_late')",
            name=op.f("ck_bank_arrivals_exception"),
        ),
        sa.CheckConstraint(
            "status <> 'exception' OR exception IS NOT NULL", name=op.f("ck_bank_arrivals_exception_named")
        ),
        sa.CheckConstraint(
            "status IN ('entered', 'matched', 'exception', 'returned', 'refused')",
            name=op.f("ck_bank_arrivals_status"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_bank_arrivals_amount_minor")),
        sa.CheckConstraint("decided_by <> entered_by", name=op.f("ck_bank_arrivals_second_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_bank_arrivals_decided_by")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_bank_arrivals_deposit_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_bank_arrivals_entered_by")),
        sa.ForeignKeyConstraint(
            ["entered_on_behalf_of"], ["parties.id"], name=op.f("fk_bank_arrivals_entered_on_behalf_of")
        ),
        sa.ForeignKeyConstraint(["journal_id"], ["journals.id"], name=op.f("fk_bank_arrivals_journal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_arrivals")),
    )
    op.create_index(op.f("ix_bank_arrivals_deposit_id"), "bank_arrivals", ["deposit_id"], unique=False)
    op.create_index(op.f("ix_bank_arrivals_region_code"), "bank_arrivals", ["region_code"], unique=False)
    op.create_index("ix_bank_arrivals_status", "bank_arrivals", ["status", "id"], unique=False)
    op.create_index(
        "uq_bank_arrivals_bank_reference",
        "bank_arrivals",
        ["bank_reference"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_index("uq_bank_arrivals_number", "bank_arrivals", ["number"], unique=True)
    op.create_table(
        "postings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_postings_amount_minor")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_postings_account_id")),
        sa.ForeignKeyConstraint(["journal_id"], ["journals.id"], name=op.f("fk_postings_journal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
    )
    op.create_index("ix_postings_account_id", "postings", ["account_id", "id"], unique=False)
    op.create_index("ix_postings_journal_id", "postings", ["journal_id"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("region_code", sa.CHAR(length=6), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("payee_name", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), server_default="CNY", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("arrival_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="payable", nullable=False),
        sa.Column("bank_reference", sa.Text(), nullable=True),
        sa.Column("ordered_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'payable') = (bank_reference IS NULL)", name=op.f("ck_refunds_bank_reference")
        ),
        sa.CheckConstraint("(status = 'payable') = (ordered_by IS NULL)", name=op.f("ck_refunds_ordered_by")),
        sa.CheckConstraint(
            "(status = 'sent') = (confirmed_by IS NOT NULL)", name=op.f("ck_refunds_confirmed_by")
        ),
        sa.CheckConstraint("currency = 'CNY'", name=op.f("ck_refunds_currency")),
        sa.CheckConstraint("status IN ('payable', 'ordered', 'sent')", name=op.f("ck_refunds_status")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount_minor")),
        sa.CheckConstraint("confirmed_by <> ordered_by", name=op.f("ck_refunds_second_person")),
        sa.ForeignKeyConstraint(["arrival_id"], ["bank_arrivals.id"], name=op.f("fk_refunds_arrival_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_refunds_confirmed_by")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_refunds_deposit_id")),
        sa.ForeignKeyConstraint(["ordered_by"], ["users.id"], name=op.f("fk_refunds_ordered_by")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_refunds_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_arrival_id"), "refunds", ["arrival_id"], unique=False)
    op.create_index(op.f("ix_refunds_deposit_id"), "refunds", ["deposit_id"], unique=False)
    op.create_index(op.f("ix_refunds_party_id"), "refunds", ["party_id"], unique=False)
    op.create_index(op.f("ix_refunds_region_code"), "refunds", ["region_code"], unique=False)
    op.create_index("ix_refunds_status", "refunds", ["status", "id"], unique=False)
    op.create_index("uq_refunds_bank_reference", "refunds", ["bank_reference"], unique=True)
    # The transaction that wrote a journal: its postings come from no other.
    op.execute("ALTER TABLE journals ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()")
    for function in (ACCOUNT_GUARD, APPEND_ONLY, POSTING_WRITTEN, JOURNAL_BALANCED):
        op.execute(function)
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    op.drop_index("uq_refunds_bank_reference", table_name="refunds")
    op.drop_index("ix_refunds_status", table_name="refunds")
    op.drop_index(op.f("ix_refunds_region_code"), table_name="refunds")
    op.drop_index(op.f("ix_refunds_party_id"), table_name="refunds")
    op.drop_index(op.f("ix_refunds_deposit_id"), table_name="refunds")
    op.drop_index(op.f("ix_refunds_arrival_id"), table_name="refunds")
    op.drop_table("refunds")
    op.drop_index("ix_postings_journal_id", table_name="postings")
    op.drop_index("ix_postings_account_id", table_name="postings")
    op.drop_table("postings")
    op.drop_index("uq_bank_arrivals_number", table_name="bank_arrivals")
    op.drop_index(
        "uq_bank_arrivals_bank_reference",
        table_name="bank_arrivals",
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.drop_index("ix_bank_arrivals_status", table_name="bank_arrivals")
    op.drop_index(op.f("ix_bank_arrivals_region_code"), table_name="bank_arrivals")
    op.drop_index(op.f("ix_bank_arrivals_deposit_id"), table_name="bank_arrivals")
    op.drop_table("bank_arrivals")
    op.drop_table("accounts")
    op.drop_index("uq_deposits_reference_id", table_name="deposits")
    op.drop_index("uq_deposits_number", table_name="deposits")
    op.drop_index(op.f("ix_deposits_region_code"), table_name="deposits")
    op.drop_index(op.f("ix_deposits_payer_party_id"), table_name="deposits")
    op.drop_table("deposits")
    op.drop_index("uq_journals_reverses_id", table_name="journals")
    op.drop_index("ix_journals_reference_id", table_name="journals")
    op.drop_table("journals")
    op.drop_index(op.f("ix_deposit_reads_user_id"), table_name="deposit_reads")
    op.drop_table("deposit_reads")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}()")
