"""Which roles a party's people may hold, who grants them, and what nobody may do to himself. Pure.

Staff roles run the market and are never self-served: they are granted only by the exchange's own manager, to the
exchange's people, or to the few bodies that take part in running it (an auction house's auctioneer, a county
office's clerk, an authority's supervisor). Everything else is granted by a party's own manager. Source: house rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from app.identity.errors import (
    InvitationUsed,
    LastManager,
    OwnRolesFixed,
    PermissionMissing,
    RegionScopeTooWide,
    RolesIncompatible,
    RoleUnfit,
    SessionNeeded,
    StaffRoleReserved,
)
from app.identity.permissions import Permission, Role, permissions_of
from app.identity.states import PartyKind
from app.kit.errors import NotFound

R = Role
K = PartyKind

RUNNING_ROLES = frozenset({R.OPERATOR, R.AUCTIONEER, R.FINANCE, R.CLERK, R.SUPERVISOR, R.AUDITOR})
GUEST_ROLES = frozenset({R.EXPERT, R.REGISTRATION_OFFICER, R.FINANCE_PARTNER, R.PARTNER_EXCHANGE})
STAFF_ROLES = RUNNING_ROLES | GUEST_ROLES
TRADING_ROLES = frozenset(
    {R.RESEARCHER, R.TTO_OFFICER, R.ORG_LEADER, R.APPROVER, R.ENTERPRISE_USER, R.ENTERPRISE_ADMIN}
)

_ROLES: Mapping[PartyKind, frozenset[Role]] = {
    # A natural person's people are himself and whom he empowers to act for him.
    K.NATURAL_PERSON: frozenset({R.RESEARCHER, R.ENTERPRISE_USER, R.ENTERPRISE_ADMIN}),
    K.EXCHANGE: RUNNING_ROLES | {R.ORG_LEADER, R.PARTNER_EXCHANGE},
    K.AUCTION_HOUSE: frozenset({R.ORG_LEADER, R.AUCTIONEER}),
    K.GOVERNMENT: TRADING_ROLES | {R.CLERK, R.SUPERVISOR},
    K.EVALUATOR: TRADING_ROLES | {R.EXPERT},
    K.REGISTRATION_OFFICE: TRADING_ROLES | {R.REGISTRATION_OFFICER},
    K.FINANCE_INSTITUTION: TRADING_ROLES | {R.FINANCE_PARTNER},
    K.TRANSFER_AGENCY: TRADING_ROLES | {R.BROKER},
    K.UNIVERSITY: TRADING_ROLES | {R.BROKER},
    K.INSTITUTE: TRADING_ROLES | {R.BROKER},
}

_FIRST_ROLES: Mapping[PartyKind, frozenset[Role]] = {
    **dict.fromkeys((K.UNIVERSITY, K.INSTITUTE, K.HOSPITAL), frozenset({R.ORG_LEADER, R.TTO_OFFICER})),
    K.EXCHANGE: frozenset({R.ORG_LEADER}),
    K.AUCTION_HOUSE: frozenset({R.ORG_LEADER}),
    K.TRANSFER_AGENCY: frozenset({R.ENTERPRISE_ADMIN, R.BROKER}),
}

# One person holds at most one side of each: who counts the money neither runs sales nor looks over the shoulder of
# those who do.
_APART = (
    (R.FINANCE, R.OPERATOR),
    (R.FINANCE, R.AUCTIONEER),
    *((watcher, other) for watcher in (R.AUDITOR, R.SUPERVISOR) for other in R if other is not watcher),
)
INCOMPATIBLE = frozenset(frozenset(pair) for pair in _APART)


@dataclass(frozen=True)
class Granter:
    """Whoever gives or takes roles."""

    user_id: UUID
    party_id: UUID
    party_kind: PartyKind
    region_prefix: str


@dataclass(frozen=True)
class Seat:
    """The party in which roles are given, and what its person has there now (nothing, for somebody new)."""

    party_id: UUID
    party_kind: PartyKind
    user_id: UUID | None
    roles: frozenset[Role]
    region_scope: str | None


def roles_of_kind(kind: PartyKind) -> frozenset[Role]:
    """Roles that people of such a party may hold."""
    return _ROLES.get(kind, TRADING_ROLES)


def first_roles(kind: PartyKind) -> frozenset[Role]:
    """Roles of the person who registers a party: enough to draft, to ask, and to bring in colleagues."""
    return _FIRST_ROLES.get(kind, frozenset({R.ENTERPRISE_ADMIN, R.ENTERPRISE_USER}))


def check_manages(actor_party: UUID, actor_kind: PartyKind, party_id: UUID) -> None:
    """One's own people only, but for the exchange, which appoints staff. Another party is as if it were not there."""
    if actor_party != party_id and actor_kind is not K.EXCHANGE:
        raise NotFound()


def check_roles(granter: Granter, seat: Seat, wanted: frozenset[Role], *, region_scope: str | None) -> None:
    """Refuse roles that this person may not have here, or that this granter may not give or take.

    Order: `OwnRolesFixed`, `RoleUnfit`, `RolesIncompatible`, `StaffRoleReserved`, `RegionScopeTooWide`.
    """
    if seat.user_id == granter.user_id:
        raise OwnRolesFixed()
    unfit = wanted - roles_of_kind(seat.party_kind)
    if unfit:
        raise RoleUnfit(
            f"“{seat.party_kind}”的人员不能担任：{_named(unfit)}。",
            f"People of a {seat.party_kind} cannot be: {_named(unfit)}.",
            field="/body/roles",
        )
    for pair in combinations(sorted(wanted), 2):
        if frozenset(pair) in INCOMPATIBLE:
            raise RolesIncompatible(
                f"同一人不能兼任：{_named(pair)}。",
                f"One person cannot be both: {_named(pair)}.",
                field="/body/roles",
            )
    check_changed(granter, seat.party_id, seat.roles ^ wanted)
    _check_scope(granter, seat, wanted, region_scope)


def _check_scope(granter: Granter, seat: Seat, wanted: frozenset[Role], region_scope: str | None) -> None:
    """The exchange's manager sets a region within his own; its own people, and staff elsewhere, need one that is.

    So a city's manager makes nobody, himself through a friend least of all, into staff or a manager of the province.
    """
    if granter.party_kind is not K.EXCHANGE:
        allowed = region_scope == seat.region_scope
    elif wanted & STAFF_ROLES or seat.party_kind is K.EXCHANGE:
        allowed = (region_scope or "").startswith(granter.region_prefix) and _in_charge(granter, seat)
    else:
        allowed = _in_charge(granter, seat)
    if not allowed:
        raise RegionScopeTooWide(field="/body/region_scope")


def _in_charge(granter: Granter, seat: Seat) -> bool:
    """Whether somebody's present duties lie in the granter's region. Somebody without any has none that do not."""
    on_duty = seat.roles and (seat.roles & STAFF_ROLES or seat.party_kind is K.EXCHANGE)
    return not on_duty or (seat.region_scope or "").startswith(granter.region_prefix)


def check_changed(granter: Granter, party_id: UUID, changed: frozenset[Role]) -> None:
    """Staff roles change hands through the exchange's manager only, and he changes nothing else elsewhere."""
    staff = changed & STAFF_ROLES
    if staff and granter.party_kind is not K.EXCHANGE:
        raise StaffRoleReserved(
            f"以下角色由交易机构授予：{_named(staff)}。",
            f"These roles are granted by the exchange: {_named(staff)}.",
            field="/body/roles",
        )
    if granter.party_id != party_id and changed - STAFF_ROLES:
        raise StaffRoleReserved(
            "对其他单位只能授予或收回市场工作角色，其余由该单位自行管理。",
            "In another party only staff roles are given or taken; the rest is its own affair.",
            field="/body/roles",
        )


def manages(roles: frozenset[Role]) -> bool:
    """Whether these roles let somebody bring in and remove people."""
    return Permission.MEMBER_MANAGE in permissions_of(roles)


def check_may_end(granter: Granter, seat: Seat, held: frozenset[Permission], *, by_key: bool = False) -> None:
    """Everybody may leave, himself and not by a program. Others are removed by a manager: staff by the exchange's in
    his region, the rest by the party's own.
    """
    if seat.user_id == granter.user_id:
        if by_key:
            raise SessionNeeded()
        return
    if Permission.MEMBER_MANAGE not in held:
        raise PermissionMissing(permission=str(Permission.MEMBER_MANAGE))
    check_changed(granter, seat.party_id, seat.roles)
    if granter.party_kind is K.EXCHANGE and not _in_charge(granter, seat):
        raise RegionScopeTooWide()


def check_invitable(*, has_password: bool, elsewhere: bool) -> None:
    """Only an account that nobody has used yet, and that is this party's alone, gets another invitation.

    Else a manager could take over a person who acts for others, too.
    """
    if has_password or elsewhere:
        raise InvitationUsed()


def check_manager_left(*, before: frozenset[Role], after: frozenset[Role], other_managers: int) -> None:
    """A party that had a manager keeps one; else nobody could ever bring in another."""
    if manages(before) and not manages(after) and other_managers == 0:
        raise LastManager()


def _named(roles: frozenset[Role] | tuple[Role, ...]) -> str:
    return ", ".join(sorted(str(role) for role in roles))
