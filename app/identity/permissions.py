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
    PROFILE_PUBLISH = "profile_publish"
    FILE_KEEP = "file_keep"
    NOTICE_MANAGE = "notice_manage"
    NOTICE_CONFIRM = "notice_confirm"
    OBJECTION_FILE = "objection_file"
    OBJECTION_HANDLE = "objection_handle"
    OBJECTION_REVIEW = "objection_review"
    APPROVAL_OPEN = "approval_open"
    APPROVAL_DECIDE = "approval_decide"
    CHAIN_EDIT = "chain_edit"
    SCOPE_DECIDE = "scope_decide"
    READ_ALL = "read_all"
    ENTER_ON_BEHALF = "enter_on_behalf"


class Role(StrEnum):
    """What a person is within an organisation."""

    RESEARCHER = "researcher"
    TTO_OFFICER = "tto_officer"
    ORG_LEADER = "org_leader"
    APPROVER = "approver"
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
    Role.RESEARCHER: frozenset(
        {P.ACHIEVEMENT_WRITE, P.SOLUTION_WRITE, P.FILE_KEEP, P.OBJECTION_FILE, P.APPROVAL_OPEN}
    ),
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
            P.FILE_KEEP,
            P.NOTICE_MANAGE,
            P.OBJECTION_FILE,
            P.OBJECTION_HANDLE,
            P.APPROVAL_OPEN,
        }
    ),
    Role.ORG_LEADER: frozenset(
        {
            P.PARTY_EDIT,
            P.MEMBER_MANAGE,
            P.API_KEY_MANAGE,
            P.CONTRACT_CONFIRM,
            P.FILE_KEEP,
            P.NOTICE_CONFIRM,
            P.OBJECTION_FILE,
            P.OBJECTION_HANDLE,
            P.APPROVAL_DECIDE,
            P.CHAIN_EDIT,
        }
    ),
    # Decides the steps of the unit's own chain that name him: the office for state assets, for law, a committee.
    Role.APPROVER: frozenset({P.APPROVAL_DECIDE, P.FILE_KEEP}),
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
            P.FILE_KEEP,
            P.NOTICE_MANAGE,
            P.OBJECTION_FILE,
            P.OBJECTION_HANDLE,
            P.APPROVAL_OPEN,
        }
    ),
    Role.ENTERPRISE_ADMIN: frozenset(
        {
            P.PARTY_EDIT,
            P.MEMBER_MANAGE,
            P.API_KEY_MANAGE,
            P.IMPORT_RUN,
            P.FILE_KEEP,
            P.NOTICE_CONFIRM,
            P.OBJECTION_FILE,
            P.OBJECTION_HANDLE,
            P.APPROVAL_DECIDE,
            P.CHAIN_EDIT,
        }
    ),
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
            P.FILE_KEEP,
            P.NOTICE_MANAGE,
            P.NOTICE_CONFIRM,
            P.OBJECTION_HANDLE,
            P.SCOPE_DECIDE,
        }
    ),
    Role.AUCTIONEER: frozenset({P.AUCTION_CONDUCT}),
    Role.FINANCE: frozenset(
        {P.ARRIVAL_ENTER, P.ARRIVAL_CONFIRM, P.REFUND_ORDER, P.REFUND_CONFIRM, P.LEDGER_READ}
    ),
    Role.SUPERVISOR: frozenset(
        {P.PARTY_READ, P.RECORD_REDACT, P.READ_ALL, P.OBJECTION_REVIEW, P.PROFILE_PUBLISH}
    ),
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
