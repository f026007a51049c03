"""Who is identified how, who grants which roles, which secrets are too weak. Without a database."""

from dataclasses import replace
from datetime import date
from itertools import product
from uuid import UUID

import pytest

from app.identity.errors import (
    ApiKeyKindUnfit,
    CountryUnfit,
    FirstPersonUnfit,
    IdentificationUnfit,
    InvitationUsed,
    KindNotRegistrable,
    LastManager,
    OwnRolesFixed,
    PasswordWeak,
    PermissionMissing,
    PersonNumberInvalid,
    RegionScopeTooWide,
    RegionUnknown,
    ReviewOfOwnParty,
    ReviewReasonMissing,
    RolesIncompatible,
    RoleUnfit,
    ScopeTooWide,
    StaffRoleReserved,
    UsccInvalid,
)
from app.identity.permissions import ROLE_PERMISSIONS, Permission, Role, permissions_of
from app.identity.rules.codes import person_check_character
from app.identity.rules.members import (
    INCOMPATIBLE,
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
from app.identity.rules.parties import (
    FirstPerson,
    Identification,
    Identity,
    check_identified_by,
    check_identity,
    check_review,
    check_reviewer,
    check_within,
    first_person,
    identification_of,
)
from app.identity.rules.secrets import check_key_kind, check_password, check_scopes, fold_login
from app.identity.states import PARTY_REVIEW, PartyKind, ReviewStatus
from app.kit.errors import NotFound
from app.kit.states import IllegalTransition

TODAY = date(2026, 11, 21)
USCC = "N2330523MF1234567W"
NUMBER = "11010519491231002X"
OURS, THEIRS = UUID(int=1), UUID(int=2)
ME, YOU = UUID(int=11), UUID(int=12)
ABROAD = {
    PartyKind.HONG_KONG: "HKG",
    PartyKind.MACAU: "MAC",
    PartyKind.TAIWAN: "TWN",
    PartyKind.FOREIGN: "DEU",
}


def identity(kind: PartyKind, **given: str | None) -> Identity:
    by = identification_of(kind)
    numbers = {
        "uscc": USCC if by is Identification.USCC else None,
        "person_number": NUMBER if by is Identification.PERSON_NUMBER else None,
        "registration_no": "HRB 123456" if by is Identification.REGISTRATION_NO else None,
        "country_code": ABROAD.get(kind),
        "region_code": "330106",
    }
    return Identity(kind=kind, **{**numbers, **given})


@pytest.mark.parametrize("kind", [kind for kind in PartyKind if kind is not PartyKind.EXCHANGE])
def test_every_kind_registers_with_its_own_number(kind: PartyKind) -> None:
    assert check_identity(identity(kind), TODAY) == ABROAD.get(kind, "CHN")


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (kind, number)
        for kind, number in product(PartyKind, Identification)
        if kind is not PartyKind.EXCHANGE and number is not identification_of(kind)
    ],
)
def test_no_kind_registers_with_another_number_beside_or_instead_of_its_own(
    kind: PartyKind, number: Identification
) -> None:
    value = {"uscc": USCC, "person_number": NUMBER, "registration_no": "1"}[number]
    with pytest.raises(IdentificationUnfit) as refused:
        check_identity(identity(kind, **{number: value}), TODAY)
    assert refused.value.data == {"identification": str(identification_of(kind))}
    with pytest.raises(IdentificationUnfit):
        check_identity(identity(kind, **{number: value, identification_of(kind): None}), TODAY)


def test_nobody_registers_himself_as_the_exchange() -> None:
    with pytest.raises(KindNotRegistrable):
        check_identity(identity(PartyKind.EXCHANGE), TODAY)


@pytest.mark.parametrize(
    ("kind", "given", "refusal"),
    [
        (PartyKind.UNIVERSITY, {"uscc": "123"}, UsccInvalid),
        (PartyKind.NATURAL_PERSON, {"person_number": "123"}, PersonNumberInvalid),
        (PartyKind.UNIVERSITY, {"country_code": "DEU"}, CountryUnfit),
        (PartyKind.HONG_KONG, {"country_code": "CHN"}, CountryUnfit),
        (PartyKind.FOREIGN, {"country_code": None}, CountryUnfit),
        (PartyKind.FOREIGN, {"country_code": "CHN"}, CountryUnfit),
        (PartyKind.FOREIGN, {"country_code": "TWN"}, CountryUnfit),
        (PartyKind.FOREIGN, {"country_code": "XXX"}, CountryUnfit),
        (PartyKind.NATURAL_PERSON, {"country_code": "XXX"}, CountryUnfit),
        (PartyKind.UNIVERSITY, {"region_code": "990000"}, RegionUnknown),
    ],
)
def test_an_identity_that_does_not_hold_is_refused(
    kind: PartyKind, given: dict[str, str | None], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_identity(identity(kind, **given), TODAY)


def test_a_foreigner_with_a_permanent_residence_card_keeps_his_country() -> None:
    body = "91124119850101001"
    number = body + person_check_character(body)
    person = identity(PartyKind.NATURAL_PERSON, person_number=number, country_code="DEU")
    assert check_identity(person, TODAY) == "DEU"


def test_a_correction_names_the_number_of_its_kind_and_never_a_persons() -> None:
    check_identified_by(PartyKind.UNIVERSITY, frozenset({"uscc", "name"}))
    check_identified_by(PartyKind.FOREIGN, frozenset({"registration_no"}))
    check_identified_by(PartyKind.NATURAL_PERSON, frozenset({"name"}))
    for kind, number in (
        (PartyKind.UNIVERSITY, "registration_no"),
        (PartyKind.FOREIGN, "uscc"),
        (PartyKind.NATURAL_PERSON, "person_number"),
    ):
        with pytest.raises(IdentificationUnfit):
            check_identified_by(kind, frozenset({number}))


FIRST_PERSONS = [
    # signed in, clerk, named, with password
    ((False, False, True, True), FirstPerson.NEW),
    ((False, False, True, False), FirstPersonUnfit),
    ((False, False, False, False), FirstPersonUnfit),
    ((True, False, False, False), FirstPerson.ACTOR),
    ((True, False, True, True), FirstPerson.NEW),
    ((True, False, True, False), FirstPersonUnfit),
    ((True, True, False, False), FirstPerson.NOBODY),
    ((True, True, True, False), FirstPerson.INVITED),
    ((True, True, True, True), FirstPersonUnfit),
]


@pytest.mark.parametrize(("given", "outcome"), FIRST_PERSONS)
def test_the_first_person_comes_by_himself_by_invitation_or_not_at_all(
    given: tuple[bool, bool, bool, bool], outcome: FirstPerson | type[FirstPersonUnfit]
) -> None:
    names = dict(zip(("signed_in", "clerk", "named", "with_password"), given, strict=True))
    if isinstance(outcome, FirstPerson):
        assert first_person(**names) is outcome
    else:
        with pytest.raises(outcome):
            first_person(**names)


def test_nobody_reviews_a_party_for_which_he_acts_or_to_which_he_has_ever_belonged() -> None:
    check_reviewer(party_id=THEIRS, reviewer_party_id=OURS, reviewer_parties=frozenset({OURS}))
    with pytest.raises(ReviewOfOwnParty):
        check_reviewer(party_id=OURS, reviewer_party_id=OURS, reviewer_parties=frozenset())
    with pytest.raises(ReviewOfOwnParty):
        check_reviewer(party_id=THEIRS, reviewer_party_id=OURS, reviewer_parties=frozenset({OURS, THEIRS}))


def test_a_refusal_has_its_reason_and_an_approval_needs_none() -> None:
    check_review(approved=True, reason=None)
    check_review(approved=False, reason="代码与名称不符")
    with pytest.raises(ReviewReasonMissing):
        check_review(approved=False, reason=None)


def test_staff_of_a_region_find_nothing_outside_it() -> None:
    check_within("", "110000")
    check_within("3301", "330106")
    with pytest.raises(NotFound):
        check_within("3301", "330206")


def test_a_review_has_three_edges_and_no_more() -> None:
    edges = {(here, to) for here, to in product(ReviewStatus, ReviewStatus) if PARTY_REVIEW.allows(here, to)}
    assert edges == {("pending", "approved"), ("pending", "refused"), ("refused", "pending")}
    with pytest.raises(IllegalTransition):
        PARTY_REVIEW.advance(_Row(), ReviewStatus.PENDING)


class _Row:
    status = "approved"


# --- roles -----------------------------------------------------------------------------------------------------------

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


@pytest.mark.parametrize(("kind", "role"), list(product(PartyKind, STAFF_ROLES)))
def test_staff_roles_exist_only_where_the_market_is_run(kind: PartyKind, role: Role) -> None:
    fits = {
        PartyKind.EXCHANGE: STAFF_ROLES,
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
