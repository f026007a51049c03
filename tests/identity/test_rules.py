"""Who is identified how, and who reviews whom. Without a database."""

from datetime import date
from itertools import product
from uuid import UUID

import pytest

from app.identity.errors import (
    CountryUnfit,
    FirstPersonUnfit,
    IdentificationUnfit,
    KindNotRegistrable,
    PersonNumberInvalid,
    RegionUnknown,
    ReviewOfOwnParty,
    ReviewReasonMissing,
    UsccInvalid,
)
from app.identity.rules.codes import person_check_character
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
from app.identity.states import PARTY_REVIEW, PartyKind, ReviewStatus
from app.kit.errors import NotFound
from app.kit.states import IllegalTransition

TODAY = date(2026, 11, 21)
USCC = "N2330523MF1234567W"
NUMBER = "11010519491231002X"
OURS, THEIRS = UUID(int=1), UUID(int=2)
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
