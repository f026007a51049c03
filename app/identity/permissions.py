"""Roles and what each may do, as one table. Whatever is not in the table is not allowed.

Source: house rule, after the roles of a provincial exchange (design, domain 4). Separation of duties that a table
cannot say (the maker is not the checker, the creator is not the approver) is said by the rooms' own rules.
"""

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """One thing that may be done."""

    PARTY_READ = "party_read"
    PARTY_EDIT = "party_edit"
    PARTY_REVIEW = "party_review"
    MEMBER_MANAGE = "member_manage"
    API_KEY_MANAGE = "api_key_manage"
    ACHIEVEMENT_WRITE = "achievement_write"
    ACHIEVEMENT_SUBMIT = "achievement_submit"
    ACHIEVEMENT_REVIEW = "achievement_review"
    IMPORT_RUN = "import_run"
    DEMAND_WRITE = "demand_write"
    DEMAND_REVIEW = "demand_review"
    SOLUTION_WRITE = "solution_write"
    OFFERING_WRITE = "offering_write"
    OFFERING_REVIEW = "offering_review"
    NEGOTIATE = "negotiate"
    REGISTER_INTENT = "register_intent"
    REGISTRATION_REVIEW = "registration_review"
    AUCTION_MANAGE = "auction_manage"
    AUCTION_CONDUCT = "auction_conduct"
    BID = "bid"
    ARRIVAL_ENTER = "arrival_enter"
    ARRIVAL_CONFIRM = "arrival_confirm"
    REFUND_ORDER = "refund_order"
    REFUND_CONFIRM = "refund_confirm"
    LEDGER_READ = "ledger_read"
    CONTRACT_CONFIRM = "contract_confirm"
    RECORD_REDACT = "record_redact"
    CALENDAR_EDIT = "calendar_edit"
    READ_ALL = "read_all"
    ENTER_ON_BEHALF = "enter_on_behalf"


class Role(StrEnum):
    """What a person is within an organisation."""

    RESEARCHER = "researcher"
    TTO_OFFICER = "tto_officer"
    ORG_LEADER = "org_leader"
    ENTERPRISE_USER = "enterprise_user"
    ENTERPRISE_ADMIN = "enterprise_admin"
    BROKER = "broker"
    CLERK = "clerk"
    OPERATOR = "operator"
    AUCTIONEER = "auctioneer"
    FINANCE = "finance"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    EXPERT = "expert"
    REGISTRATION_OFFICER = "registration_officer"
    FINANCE_PARTNER = "finance_partner"
    PARTNER_EXCHANGE = "partner_exchange"


P = Permission

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.RESEARCHER: frozenset({P.ACHIEVEMENT_WRITE, P.SOLUTION_WRITE}),
    Role.TTO_OFFICER: frozenset(
        {
            P.ACHIEVEMENT_WRITE,
            P.ACHIEVEMENT_SUBMIT,
            P.IMPORT_RUN,
            P.SOLUTION_WRITE,
            P.OFFERING_WRITE,
            P.NEGOTIATE,
            P.CONTRACT_CONFIRM,
            P.API_KEY_MANAGE,
            P.PARTY_EDIT,
        }
    ),
    Role.ORG_LEADER: frozenset({P.PARTY_EDIT, P.MEMBER_MANAGE, P.API_KEY_MANAGE, P.CONTRACT_CONFIRM}),
    Role.ENTERPRISE_USER: frozenset(
        {
            P.DEMAND_WRITE,
            P.NEGOTIATE,
            P.REGISTER_INTENT,
            P.BID,
            P.CONTRACT_CONFIRM,
            P.ACHIEVEMENT_WRITE,
            P.ACHIEVEMENT_SUBMIT,
            P.OFFERING_WRITE,
            P.SOLUTION_WRITE,
        }
    ),
    Role.ENTERPRISE_ADMIN: frozenset({P.PARTY_EDIT, P.MEMBER_MANAGE, P.API_KEY_MANAGE, P.IMPORT_RUN}),
    Role.BROKER: frozenset(),
    Role.CLERK: frozenset({P.ENTER_ON_BEHALF, P.DEMAND_WRITE, P.ACHIEVEMENT_WRITE, P.IMPORT_RUN}),
    Role.OPERATOR: frozenset(
        {
            P.PARTY_READ,
            P.PARTY_REVIEW,
            P.ACHIEVEMENT_REVIEW,
            P.DEMAND_REVIEW,
            P.OFFERING_REVIEW,
            P.REGISTRATION_REVIEW,
            P.AUCTION_MANAGE,
            P.RECORD_REDACT,
            P.CALENDAR_EDIT,
            P.IMPORT_RUN,
        }
    ),
    Role.AUCTIONEER: frozenset({P.AUCTION_CONDUCT}),
    Role.FINANCE: frozenset(
        {P.ARRIVAL_ENTER, P.ARRIVAL_CONFIRM, P.REFUND_ORDER, P.REFUND_CONFIRM, P.LEDGER_READ}
    ),
    Role.SUPERVISOR: frozenset({P.PARTY_READ, P.RECORD_REDACT, P.READ_ALL}),
    Role.AUDITOR: frozenset({P.PARTY_READ, P.READ_ALL, P.LEDGER_READ}),
    # Held by people now; what they may do comes with the rooms that serve them (evaluations, the registration of
    # contracts, finance, partner exchanges). Until then they see what the public sees.
    Role.EXPERT: frozenset(),
    Role.REGISTRATION_OFFICER: frozenset(),
    Role.FINANCE_PARTNER: frozenset(),
    Role.PARTNER_EXCHANGE: frozenset(),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything that somebody with these roles may do."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))
