"""Who grants which roles, and which secrets are too weak. Without a database."""

from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest

from app.identity.errors import (
    ApiKeyKindUnfit,
    InvitationUsed,
    LastManager,
    OwnRolesFixed,
    PasswordWeak,
    PermissionMissing,
    RegionScopeTooWide,
    RolesIncompatible,
    RoleUnfit,
    ScopeTooWide,
    StaffRoleReserved,
)
from app.identity.permissions import ROLE_PERMISSIONS, Permission, Role, permissions_of
from app.identity.rules.members import (
    INCOMPATIBLE,
    RUNNING_ROLES,
    STAFF_ROLES,
    Granter,
    Seat,
    check_invitable,
    check_manager_left,
    check_manages,
    check_may_end,
    check_roles,
    first_roles,
    manages,
    roles_of_kind,
)
from app.identity.rules.secrets import check_key_kind, check_password, check_scopes, fold_login
from app.identity.states import PartyKind
from app.kit.errors import NotFound

OURS, THEIRS = UUID(int=1), UUID(int=2)
ME, YOU = UUID(int=11), UUID(int=12)


EXCHANGE = Granter(user_id=ME, party_id=OURS, party_kind=PartyKind.EXCHANGE, region_prefix="")
COMPANY = Granter(user_id=ME, party_id=OURS, party_kind=PartyKind.PRIVATE_ENTERPRISE, region_prefix="")


def seat(
    kind: PartyKind,
    party_id: UUID = OURS,
    roles: frozenset[Role] = frozenset(),
    region_scope: str | None = None,
) -> Seat:
    return Seat(party_id=party_id, party_kind=kind, user_id=YOU, roles=roles, region_scope=region_scope)


@pytest.mark.parametrize("kind", list(PartyKind))
def test_the_first_persons_roles_are_roles_of_the_kind_and_manage(kind: PartyKind) -> None:
    assert first_roles(kind) <= roles_of_kind(kind)
    assert manages(first_roles(kind))
    assert not first_roles(kind) & STAFF_ROLES


@pytest.mark.parametrize(("kind", "role"), list(product(PartyKind, sorted(STAFF_ROLES))))
def test_staff_roles_exist_only_where_the_market_is_run(kind: PartyKind, role: Role) -> None:
    fits = {
        PartyKind.EXCHANGE: RUNNING_ROLES | {Role.PARTNER_EXCHANGE},
        PartyKind.EVALUATOR: {Role.EXPERT},
        PartyKind.REGISTRATION_OFFICE: {Role.REGISTRATION_OFFICER},
        PartyKind.FINANCE_INSTITUTION: {Role.FINANCE_PARTNER},
        PartyKind.AUCTION_HOUSE: {Role.AUCTIONEER},
        PartyKind.GOVERNMENT: {Role.CLERK, Role.SUPERVISOR},
    }
    assert (role in roles_of_kind(kind)) == (role in fits.get(kind, set()))


@pytest.mark.parametrize(("kind", "role"), list(product(PartyKind, Role)))
def test_a_partys_own_manager_never_grants_a_staff_role(kind: PartyKind, role: Role) -> None:
    if kind is PartyKind.EXCHANGE:
        return
    granter = replace(COMPANY, party_kind=kind)
    if role in roles_of_kind(kind) - STAFF_ROLES:
        check_roles(granter, seat(kind), frozenset({role}), region_scope=None)
    else:
        with pytest.raises((RoleUnfit, StaffRoleReserved)):
            check_roles(granter, seat(kind), frozenset({role}), region_scope=None)


def test_a_partys_own_manager_does_not_take_a_staff_role_either() -> None:
    clerk = seat(PartyKind.GOVERNMENT, roles=frozenset({Role.CLERK}))
    granter = replace(COMPANY, party_kind=PartyKind.GOVERNMENT)
    with pytest.raises(StaffRoleReserved):
        check_roles(granter, clerk, frozenset({Role.RESEARCHER}), region_scope=None)
    check_roles(granter, clerk, frozenset({Role.CLERK, Role.RESEARCHER}), region_scope=None)


def test_the_exchanges_manager_appoints_staff_elsewhere_and_changes_nothing_else_there() -> None:
    office = seat(PartyKind.GOVERNMENT, THEIRS, frozenset({Role.ORG_LEADER}))
    check_roles(EXCHANGE, office, frozenset({Role.ORG_LEADER, Role.CLERK}), region_scope=None)
    with pytest.raises(StaffRoleReserved):
        check_roles(EXCHANGE, office, frozenset({Role.CLERK}), region_scope=None)
    with pytest.raises(StaffRoleReserved):
        check_roles(
            EXCHANGE,
            seat(PartyKind.PRIVATE_ENTERPRISE, THEIRS),
            frozenset({Role.ENTERPRISE_ADMIN}),
            region_scope=None,
        )


def test_nobody_changes_his_own_roles() -> None:
    with pytest.raises(OwnRolesFixed):
        check_roles(
            EXCHANGE,
            replace(seat(PartyKind.EXCHANGE), user_id=ME),
            frozenset({Role.FINANCE}),
            region_scope=None,
        )


def test_roles_that_watch_each_other_are_not_held_by_one_person() -> None:
    for pair in (
        {Role.FINANCE, Role.OPERATOR},
        {Role.FINANCE, Role.AUCTIONEER},
        {Role.AUDITOR, Role.ORG_LEADER},
        {Role.SUPERVISOR, Role.AUDITOR},
    ):
        with pytest.raises(RolesIncompatible):
            check_roles(EXCHANGE, seat(PartyKind.EXCHANGE), frozenset(pair), region_scope=None)
    check_roles(EXCHANGE, seat(PartyKind.EXCHANGE), frozenset({Role.OPERATOR, Role.CLERK}), region_scope=None)


def test_nobody_who_moves_money_runs_sales_in_any_combination_that_can_be_granted() -> None:
    for one, other in product(Role, Role):
        held = ROLE_PERMISSIONS[one] | ROLE_PERMISSIONS[other]
        if {Permission.ARRIVAL_CONFIRM, Permission.AUCTION_MANAGE} <= held:
            assert frozenset({one, other}) in INCOMPATIBLE


def test_staff_who_run_the_market_can_never_bid() -> None:
    for kind in (PartyKind.EXCHANGE, PartyKind.AUCTION_HOUSE):
        assert Permission.BID not in permissions_of(roles_of_kind(kind))


def test_a_region_is_granted_within_the_granters_own() -> None:
    city = replace(EXCHANGE, region_prefix="3301")
    check_roles(city, seat(PartyKind.EXCHANGE), frozenset({Role.OPERATOR}), region_scope="330106")
    for scope in ("330200", "330000", None):
        with pytest.raises(RegionScopeTooWide):
            check_roles(city, seat(PartyKind.EXCHANGE), frozenset({Role.OPERATOR}), region_scope=scope)


def test_an_offices_own_manager_cannot_widen_the_region_of_its_supervisor() -> None:
    office = replace(COMPANY, party_kind=PartyKind.GOVERNMENT)
    held = frozenset({Role.SUPERVISOR})
    supervisor = seat(PartyKind.GOVERNMENT, roles=held, region_scope="330100")
    check_roles(office, supervisor, held, region_scope="330100")
    for scope in ("330000", None):
        with pytest.raises(RegionScopeTooWide):
            check_roles(office, supervisor, held, region_scope=scope)


def test_managers_manage_their_own_people_and_the_exchange_everybodys() -> None:
    check_manages(OURS, PartyKind.UNIVERSITY, OURS)
    check_manages(OURS, PartyKind.EXCHANGE, THEIRS)
    with pytest.raises(NotFound):
        check_manages(OURS, PartyKind.UNIVERSITY, THEIRS)


def test_everybody_may_leave_and_only_managers_remove_others() -> None:
    nobody: frozenset[Permission] = frozenset()
    manager = frozenset({Permission.MEMBER_MANAGE})
    other = seat(PartyKind.PRIVATE_ENTERPRISE, roles=frozenset({Role.ENTERPRISE_USER}))
    check_may_end(COMPANY, replace(other, user_id=ME), nobody)
    check_may_end(COMPANY, other, manager)
    with pytest.raises(PermissionMissing):
        check_may_end(COMPANY, other, nobody)
    with pytest.raises(StaffRoleReserved):
        check_may_end(EXCHANGE, replace(other, party_id=THEIRS), manager)
    with pytest.raises(StaffRoleReserved):
        check_may_end(COMPANY, seat(PartyKind.GOVERNMENT, roles=frozenset({Role.CLERK})), manager)


def test_the_last_manager_stays() -> None:
    admin, user = frozenset({Role.ENTERPRISE_ADMIN}), frozenset({Role.ENTERPRISE_USER})
    with pytest.raises(LastManager):
        check_manager_left(before=admin, after=user, other_managers=0)
    check_manager_left(before=admin, after=user, other_managers=1)
    check_manager_left(before=admin, after=admin | user, other_managers=0)
    check_manager_left(before=user, after=frozenset(), other_managers=0)


def test_an_account_that_is_used_or_belongs_elsewhere_gets_no_new_invitation() -> None:
    check_invitable(has_password=False, elsewhere=False)
    for has_password, elsewhere in ((True, False), (False, True), (True, True)):
        with pytest.raises(InvitationUsed):
            check_invitable(has_password=has_password, elsewhere=elsewhere)


# --- secrets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password", ["correct horse", "好密码不怕长十个字", "a1!a1!b2?c", "x" * 120 + "abcd"]
)
def test_a_long_password_is_accepted_whatever_its_characters(password: str) -> None:
    check_password(password + "！", "wang@example.cn")


@pytest.mark.parametrize(
    "password",
    [
        "short1234",
        "x" * 129,
        "aaaaaaaaaaaaaa",
        "ababababab12"[:10],
        "my-WangMing-2026",
        "ｗａｎｇｍｉｎｇ!!2026",
    ],
)
def test_a_short_a_monotonous_and_a_telling_password_are_refused(password: str) -> None:
    with pytest.raises(PasswordWeak) as refused:
        check_password(password, "wangming@example.cn")
    assert password not in str(refused.value)


def test_logins_that_look_alike_are_one() -> None:
    assert fold_login(" Ｗang@Example.CN ") == "wang@example.cn"
    assert fold_login("STRASSE") == fold_login("straße")


def test_a_key_can_do_at_most_what_its_maker_can_and_never_manage_people_or_keys() -> None:
    held = permissions_of(frozenset({Role.ORG_LEADER, Role.ENTERPRISE_USER}))
    check_scopes(frozenset({Permission.BID}), held)
    for wanted in (Permission.ARRIVAL_CONFIRM, Permission.MEMBER_MANAGE, Permission.API_KEY_MANAGE):
        with pytest.raises(ScopeTooWide):
            check_scopes(frozenset({Permission.BID, wanted}), held)


def test_a_sandbox_makes_test_keys_and_a_live_market_live_ones() -> None:
    check_key_kind("test", "sandbox")
    check_key_kind("live", "live")
    with pytest.raises(ApiKeyKindUnfit):
        check_key_kind("live", "sandbox")
    with pytest.raises(ApiKeyKindUnfit):
        check_key_kind("test", "live")
