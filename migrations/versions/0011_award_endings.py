"""How awards end: concluded or rescinded; what follows for offerings, registrations, contracts and credit records."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STATES = "'registered', 'qualifying', 'qualified_pending_deposit', 'qualified', 'winner', 'not_winner', 'waived', 'disqualified'"
_CONTRACT_STATES = "'draft', 'seller_confirmed', 'buyer_confirmed', 'confirmed'"
_PAID = "(passed AND (deposit_minor = 0 OR deposit_held_at IS NOT NULL))"
KEPT = ("award_endings", "credit_records")


def _check(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def upgrade() -> None:
    op.create_table(
        "award_endings",
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ending IN ('concluded', 'rescinded')", name=op.f("ck_award_endings_ending")),
        sa.CheckConstraint(
            "(ending = 'rescinded') = (document_no IS NOT NULL AND reason IS NOT NULL)",
            name=op.f("ck_award_endings_document"),
        ),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_award_endings_award_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_award_endings_decided_by")),
        sa.PrimaryKeyConstraint("award_id", name=op.f("pk_award_endings")),
    )
    op.create_table(
        "credit_records",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('buyer_default')", name=op.f("ck_credit_records_kind")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_credit_records_party_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_credit_records_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_records")),
    )
    op.create_index("ix_credit_records_party_id", "credit_records", ["party_id", "id"])
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " EXECUTE FUNCTION markets_append_only()"
        )
    for column in ("previous_offering_id", "first_offering_id"):
        op.add_column("offerings", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_offerings_{column}"), "offerings", "offerings", [column], ["id"])
    op.create_check_constraint(
        op.f("ck_offerings_earlier"),
        "offerings",
        "(previous_offering_id IS NULL) = (first_offering_id IS NULL)",
    )
    op.create_index("uq_offerings_previous_offering_id", "offerings", ["previous_offering_id"], unique=True)
    op.create_index("ix_offerings_first_offering_id", "offerings", ["first_offering_id"])
    _check("registrations", "status", f"status IN ({_STATES}, 'defaulted')")
    _check(
        "registrations",
        "qualified",
        f"status NOT IN ('qualified', 'winner', 'not_winner', 'defaulted') OR {_PAID}",
    )
    op.add_column("contracts", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contracts", sa.Column("void_reason", sa.Text(), nullable=True))
    _check("contracts", "status", f"status IN ({_CONTRACT_STATES}, 'voided')")
    for side in ("seller", "buyer"):
        _check(
            "contracts",
            f"{side}_confirmed_at",
            f"status = 'voided' OR (status IN ('{side}_confirmed', 'confirmed')) = ({side}_confirmed_at IS NOT NULL)",
        )
    op.create_check_constraint(
        op.f("ck_contracts_voided_at"),
        "contracts",
        "(status = 'voided') = (voided_at IS NOT NULL) AND (voided_at IS NULL) = (void_reason IS NULL)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_contracts_voided_at"), "contracts")
    for side in ("seller", "buyer"):
        _check(
            "contracts",
            f"{side}_confirmed_at",
            f"(status IN ('{side}_confirmed', 'confirmed')) = ({side}_confirmed_at IS NOT NULL)",
        )
    _check("contracts", "status", f"status IN ({_CONTRACT_STATES})")
    op.drop_column("contracts", "void_reason")
    op.drop_column("contracts", "voided_at")
    _check("registrations", "qualified", f"status NOT IN ('qualified', 'winner', 'not_winner') OR {_PAID}")
    _check("registrations", "status", f"status IN ({_STATES})")
    op.drop_index("ix_offerings_first_offering_id", table_name="offerings")
    op.drop_index("uq_offerings_previous_offering_id", table_name="offerings")
    op.drop_constraint(op.f("ck_offerings_earlier"), "offerings")
    for column in ("first_offering_id", "previous_offering_id"):
        op.drop_constraint(op.f(f"fk_offerings_{column}"), "offerings")
        op.drop_column("offerings", column)
    op.drop_table("credit_records")
    op.drop_table("award_endings")
