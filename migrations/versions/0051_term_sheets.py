"""Term sheets; negotiations whose agreed terms wait for a decision and a notice; shares as a price.

Revision ID: 0051
Revises: 0050
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

MODES = ("transfer", "license_exclusive", "license_sole", "license_ordinary", "development", "service")
RULES = (
    "negotiated_acceptance",
    "listed_single_buyer",
    "listed_fixed_price",
    "listed_competition",
    "auction_highest_bid",
    "demand_choice",
)
BEFORE = ("open", "agreed", "declined", "withdrawn", "expired", "closed")
ON_TERMS = ("terms_agreed", "decided", "noticed", "notice_paused", "notice_passed")
AFTER = (
    "open",
    *ON_TERMS,
    "agreed",
    "declined",
    "withdrawn",
    "expired",
    "closed",
    "terminated",
    "lapsed",
)


def _in(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _check(table: str, name: str, condition: str, *, replaces: bool = True) -> None:
    full = op.f(f"ck_{table}_{name}")
    if replaces:
        op.drop_constraint(full, table, type_="check")
    op.create_check_constraint(full, table, condition)


NEW_CHECKS = {
    "origin": "origin IN ('inquiry', 'offline')",
    "not_accepted": f"accepted_round IS NULL OR NOT ({_in('status', ('open', 'declined', 'withdrawn', 'expired'))})",
    "agreed_at": "(accepted_round IS NULL) = (agreed_at IS NULL)",
    "agreed_on": "(origin = 'offline') = (agreed_on IS NOT NULL)",
    "agreed_document_no": "(agreed_on IS NULL) = (agreed_document_no IS NULL)",
    "decided_on": "(decision_document_no IS NULL) = (decided_on IS NULL)",
    "related": "related IS NOT TRUE OR related_description IS NOT NULL",
    "sign_due_at": "(status = 'notice_passed') <= (sign_due_at IS NOT NULL)",
}


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("origin", sa.Text(), server_default="inquiry", nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("agreed_document_no", sa.Text()),
        sa.Column("buyer_confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("buyer_confirmed_by", sa.Uuid()),
        sa.Column("decision_document_no", sa.Text()),
        sa.Column("decided_on", sa.Date()),
        sa.Column("price_report_no", sa.Text()),
        sa.Column("related", sa.Boolean()),
        sa.Column("related_description", sa.Text()),
        sa.Column("notice_id", sa.Uuid()),
        sa.Column("sign_due_at", sa.DateTime(timezone=True)),
        sa.Column("contract_document_no", sa.Text()),
        sa.Column("signed_on", sa.Date()),
    )


def _modes(modes: tuple[str, ...], for_one: tuple[str, ...]) -> None:
    _check("offerings", "mode", _in("mode", modes))
    _check("offerings", "capacity_of_mode", f"coalesce(capacity = 1, false) OR NOT ({_in('mode', for_one)})")


def _one_conversation(statuses: tuple[str, ...]) -> None:
    op.drop_index("uq_negotiations_open", table_name="negotiations")
    op.create_index(
        "uq_negotiations_open",
        "negotiations",
        ["offering_id", "buyer_party_id"],
        unique=True,
        postgresql_where=sa.text(_in("status", statuses)),
    )


def upgrade() -> None:
    _modes((*MODES[:4], "equity", *MODES[4:]), (*MODES[:3], "equity"))
    _check("awards", "rule", _in("rule", (RULES[0], "negotiated_noticed", "negotiated_offline", *RULES[1:])))
    for column in _columns():
        op.add_column("negotiations", column)
    op.create_foreign_key(
        op.f("fk_negotiations_buyer_confirmed_by"), "negotiations", "users", ["buyer_confirmed_by"], ["id"]
    )
    op.execute("UPDATE negotiations SET agreed_at = ended_at WHERE accepted_round IS NOT NULL")
    _check("negotiations", "status", _in("status", AFTER))
    _check(
        "negotiations",
        "accepted",
        f"accepted_round IS NOT NULL OR NOT ({_in('status', (*ON_TERMS, 'agreed', 'lapsed'))})",
    )
    for name, condition in NEW_CHECKS.items():
        _check("negotiations", name, condition, replaces=False)
    _one_conversation(("open", *ON_TERMS))
    _check("negotiation_offers", "amount", "amount_minor >= 0")
    op.add_column("negotiation_offers", sa.Column("sheet", JSONB(), server_default="{}", nullable=False))
    op.add_column("negotiation_offers", sa.Column("term_hash", sa.Text(), server_default="", nullable=False))
    op.alter_column("negotiation_offers", "sheet", server_default=None)
    op.alter_column("negotiation_offers", "term_hash", server_default=None)


def downgrade() -> None:
    op.drop_column("negotiation_offers", "term_hash")
    op.drop_column("negotiation_offers", "sheet")
    _check("negotiation_offers", "amount", "amount_minor > 0")
    _one_conversation(("open",))
    for name in NEW_CHECKS:
        op.drop_constraint(op.f(f"ck_negotiations_{name}"), "negotiations", type_="check")
    _check("negotiations", "accepted", "(status = 'agreed') = (accepted_round IS NOT NULL)")
    _check("negotiations", "status", _in("status", BEFORE))
    op.drop_constraint(op.f("fk_negotiations_buyer_confirmed_by"), "negotiations", type_="foreignkey")
    for column in reversed(_columns()):
        op.drop_column("negotiations", column.name)
    _check("awards", "rule", _in("rule", RULES))
    _modes(MODES, MODES[:3])
