"""approvals: chains, cases, steps, opinions, records, delegations; the folders of deals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE FUNCTION approvals_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
# A chain that was in force stays as it was; it is retired once. A text goes once, with its salt.
CHAIN_GUARD = """
CREATE FUNCTION approval_chains_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'retired_at' IS DISTINCT FROM to_jsonb(OLD) - 'retired_at' OR OLD.retired_at IS NOT NULL THEN
        RAISE EXCEPTION 'a chain is only retired' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
TEXT_GUARD = """
CREATE FUNCTION approval_texts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.case_id, NEW.seq, NEW.field) IS DISTINCT FROM (OLD.case_id, OLD.seq, OLD.field)
       OR OLD.text IS NULL OR NEW.text IS NOT NULL OR NEW.salt IS NOT NULL THEN
        RAISE EXCEPTION 'a text of a record is only taken away' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " EXECUTE FUNCTION approvals_append_only()"
        for table in ("approval_entries", "approval_opinions")
    ),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION approvals_append_only()"
        for table in ("approval_chains", "approval_texts")
    ),
    """CREATE TRIGGER approval_chains_guard BEFORE UPDATE ON approval_chains
    FOR EACH ROW EXECUTE FUNCTION approval_chains_guard()""",
    """CREATE TRIGGER approval_texts_guard BEFORE UPDATE ON approval_texts
    FOR EACH ROW EXECUTE FUNCTION approval_texts_guard()""",
)
PAPERS = (
    "'application_form', 'price_report', 'department_resolution', 'related_party_statement', 'secrecy_opinion', 'president_minutes', 'entrustment', 'bidding_notice', 'bidding_agreement', 'bidding_applicati"
    "on', 'authorisation_letter', 'identity_papers', 'defects_statement', 'qualification_notice', 'minutes', 'confirmation', 'certificate', 'contract', 'registration_certificate', 'patent_change_notice', 'distribution_plan', 'reward_notice'"
)
TABLES = (
    "approval_chains",
    "approval_delegations",
    "folder_items",
    "approval_cases",
    "approval_entries",
    "approval_steps",
    "approval_opinions",
    "approval_texts",
)


def _keys(table: str, **columns: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    )


def upgrade() -> None:
    op.create_table(
        "approval_chains",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject_kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "required", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            f"required <@ ARRAY[{PAPERS}]::text[]",
            name=op.f("ck_approval_chains_required"),
        ),
        sa.CheckConstraint(
            "subject_kinds <@ ARRAY['offering', 'negotiation', 'relisting', 'withdrawal']::text[]",
            name=op.f("ck_approval_chains_subject_kinds"),
        ),
        sa.CheckConstraint("jsonb_array_length(steps) > 0", name=op.f("ck_approval_chains_steps")),
        sa.CheckConstraint("version > 0", name=op.f("ck_approval_chains_version")),
        *_keys("approval_chains", made_by="users", party_id="parties"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_chains")),
    )
    op.create_index(
        "uq_approval_chains_live",
        "approval_chains",
        ["party_id", "name"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_index(
        "uq_approval_chains_version", "approval_chains", ["party_id", "name", "version"], unique=True
    )
    op.create_table(
        "approval_delegations",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("from_user_id", sa.Uuid(), nullable=False),
        sa.Column("to_user_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column(
            "kinds", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kinds <@ ARRAY['department', 'transfer_office', 'asset', 'legal', 'leading_group', 'president_meeting', 'party_committee', 'other']::text[]",
            name=op.f("ck_approval_delegations_kinds"),
        ),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_approval_delegations_days")),
        sa.CheckConstraint("from_user_id <> to_user_id", name=op.f("ck_approval_delegations_two_persons")),
        *_keys("approval_delegations", from_user_id="users", party_id="parties", to_user_id="users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_delegations")),
    )
    op.create_index(
        "ix_approval_delegations_party_id", "approval_delegations", ["party_id", "to_user_id"], unique=False
    )
    op.create_table(
        "folder_items",
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            f"kind IN ({PAPERS})",
            name=op.f("ck_folder_items_kind"),
        ),
        sa.CheckConstraint(
            "(replaced_at IS NULL) = (replaced_by IS NULL)", name=op.f("ck_folder_items_replaced")
        ),
        sa.CheckConstraint(
            "document_no IS NOT NULL OR file_id IS NOT NULL", name=op.f("ck_folder_items_paper")
        ),
        *_keys("folder_items", added_by="users", party_id="parties", replaced_by="users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folder_items")),
    )
    op.create_index("ix_folder_items_deal_id", "folder_items", ["deal_id", "party_id", "kind"], unique=False)
    op.create_index(
        "uq_folder_items_live",
        "folder_items",
        ["deal_id", "party_id", "kind", "title"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "approval_cases",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("terms_hash", sa.Text(), nullable=True),
        sa.Column(
            "required", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("maker_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", postgresql.BYTEA(), nullable=False),
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
        sa.CheckConstraint(
            "(status = 'approved') = (document_no IS NOT NULL AND decided_on IS NOT NULL)",
            name=op.f("ck_approval_cases_decided"),
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'refused', 'cancelled')) = (ended_at IS NOT NULL)",
            name=op.f("ck_approval_cases_ended"),
        ),
        sa.CheckConstraint(
            f"required <@ ARRAY[{PAPERS}]::text[]",
            name=op.f("ck_approval_cases_required"),
        ),
        sa.CheckConstraint(
            "round >= 0 AND (status = 'draft' OR status = 'cancelled' OR round > 0)",
            name=op.f("ck_approval_cases_round"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'running', 'returned', 'approved', 'refused', 'cancelled')",
            name=op.f("ck_approval_cases_status"),
        ),
        sa.CheckConstraint(
            "subject_kind IN ('offering', 'negotiation', 'relisting', 'withdrawal')",
            name=op.f("ck_approval_cases_subject_kind"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_approval_cases_amount")),
        sa.CheckConstraint("seq > 0 AND octet_length(head) = 32", name=op.f("ck_approval_cases_record")),
        *_keys(
            "approval_cases",
            chain_id="approval_chains",
            entered_by="users",
            entered_on_behalf_of="parties",
            party_id="parties",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_cases")),
    )
    op.create_index("ix_approval_cases_deal_id", "approval_cases", ["deal_id"], unique=False)
    op.create_index("ix_approval_cases_party_id", "approval_cases", ["party_id", "id"], unique=False)
    op.create_index(op.f("ix_approval_cases_region_code"), "approval_cases", ["region_code"], unique=False)
    op.create_index(
        "ix_approval_cases_subject",
        "approval_cases",
        ["subject_kind", "subject_id", "party_id"],
        unique=False,
    )
    op.create_index(
        "uq_approval_cases_live",
        "approval_cases",
        ["subject_kind", "subject_id", "party_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('draft', 'running', 'returned')"),
    )
    op.create_index("uq_approval_cases_number", "approval_cases", ["number"], unique=True)
    op.create_table(
        "approval_entries",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("previous", postgresql.BYTEA(), nullable=False),
        sa.Column("hash", postgresql.BYTEA(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('opened', 'submitted', 'decided', 'reminded', 'concluded', 'cancelled')",
            name=op.f("ck_approval_entries_kind"),
        ),
        sa.CheckConstraint(
            "seq > 0 AND octet_length(previous) = 32 AND octet_length(hash) = 32",
            name=op.f("ck_approval_entries_link"),
        ),
        *_keys("approval_entries", actor_user_id="users", case_id="approval_cases"),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_approval_entries")),
    )
    op.create_table(
        "approval_steps",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quorum", sa.Text(), nullable=False),
        sa.Column(
            "user_ids", postgresql.ARRAY(sa.UUID()), server_default=sa.text("'{}'::uuid[]"), nullable=False
        ),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("from_minor", sa.BigInteger(), nullable=False),
        sa.Column("below_minor", sa.BigInteger(), nullable=True),
        sa.Column("deadline_days", sa.Integer(), nullable=False),
        sa.Column("reminder_days", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("reminders", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('department', 'transfer_office', 'asset', 'legal', 'leading_group', 'president_meeting', 'party_committee', 'other')",
            name=op.f("ck_approval_steps_kind"),
        ),
        sa.CheckConstraint("next_due_at IS NULL OR status = 'open'", name=op.f("ck_approval_steps_due")),
        sa.CheckConstraint("quorum IN ('all', 'any')", name=op.f("ck_approval_steps_quorum")),
        sa.CheckConstraint(
            "status IN ('waiting', 'open', 'approved', 'refused', 'returned', 'skipped')",
            name=op.f("ck_approval_steps_status"),
        ),
        sa.CheckConstraint(
            "(cardinality(user_ids) = 0) = (role IS NOT NULL)", name=op.f("ck_approval_steps_approvers")
        ),
        sa.CheckConstraint("(opened_at IS NULL) = (due_on IS NULL)", name=op.f("ck_approval_steps_opened")),
        sa.ForeignKeyConstraint(["case_id"], ["approval_cases.id"], name=op.f("fk_approval_steps_case_id")),
        sa.PrimaryKeyConstraint("case_id", "round", "position", name=op.f("pk_approval_steps")),
    )
    op.create_index(
        "ix_approval_steps_due",
        "approval_steps",
        ["next_due_at"],
        unique=False,
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_approval_steps_open",
        "approval_steps",
        ["case_id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "approval_opinions",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seat_user_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision IN ('approved', 'refused', 'returned')", name=op.f("ck_approval_opinions_decision")
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "round", "position"],
            ["approval_steps.case_id", "approval_steps.round", "approval_steps.position"],
            name="fk_approval_opinions_step",
        ),
        *_keys("approval_opinions", seat_user_id="users", user_id="users"),
        sa.PrimaryKeyConstraint("case_id", "round", "position", "user_id", name=op.f("pk_approval_opinions")),
    )
    op.create_index(
        "uq_approval_opinions_seat",
        "approval_opinions",
        ["case_id", "round", "position", "seat_user_id"],
        unique=True,
    )
    op.create_table(
        "approval_texts",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("salt", postgresql.BYTEA(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(text IS NULL) = (redacted_at IS NOT NULL) AND (salt IS NULL) = (text IS NULL)",
            name=op.f("ck_approval_texts_redacted"),
        ),
        sa.CheckConstraint("octet_length(salt) = 16", name=op.f("ck_approval_texts_salt")),
        sa.ForeignKeyConstraint(
            ["case_id", "seq"],
            ["approval_entries.case_id", "approval_entries.seq"],
            name="fk_approval_texts_entry",
        ),
        sa.PrimaryKeyConstraint("case_id", "seq", "field", name=op.f("pk_approval_texts")),
    )
    for statement in (APPEND_ONLY, CHAIN_GUARD, TEXT_GUARD, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for function in ("approvals_append_only", "approval_chains_guard", "approval_texts_guard"):
        op.execute(f"DROP FUNCTION {function}()")
