"""How each kind of party is identified, and who may review whom. Pure.

Source: house rule after practice R12 (every kind of seller and buyer can be identified).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.identity.errors import (
    CountryUnfit,
    FirstPersonUnfit,
    IdentificationUnfit,
    KindNotRegistrable,
    ReviewOfOwnParty,
    ReviewReasonMissing,
    SessionNeeded,
)
from app.identity.rules.codes import COUNTRIES, check_person_number, check_region, check_uscc
from app.identity.states import PartyKind
from app.kit.errors import NotFound

K = PartyKind
CHINA = "CHN"
HOME_COUNTRIES = {K.HONG_KONG: "HKG", K.MACAU: "MAC", K.TAIWAN: "TWN"}
"""Parties of these places have no unified social credit code; their own register's number identifies them."""


class Identification(StrEnum):
    """The one number by which a kind of party is identified."""

    USCC = "uscc"
    REGISTRATION_NO = "registration_no"
    PERSON_NUMBER = "person_number"


@dataclass(frozen=True)
class Identity:
    """What somebody says a party is."""

    kind: PartyKind
    region_code: str
    country_code: str | None
    uscc: str | None
    registration_no: str | None
    person_number: str | None


def identification_of(kind: PartyKind) -> Identification:
    """Which number identifies a kind."""
    if kind is K.NATURAL_PERSON:
        return Identification.PERSON_NUMBER
    if kind in HOME_COUNTRIES or kind is K.FOREIGN:
        return Identification.REGISTRATION_NO
    return Identification.USCC


def check_identity(identity: Identity, today: date) -> str:
    """The country of an identity that holds; else the first refusal in the order kind, number, country, region.

    Raises `KindNotRegistrable`, `IdentificationUnfit`, `UsccInvalid`, `PersonNumberInvalid`, `CountryUnfit`,
    `RegionUnknown`.
    """
    if identity.kind is K.EXCHANGE:
        raise KindNotRegistrable(field="/body/kind")
    wanted = identification_of(identity.kind)
    for number in Identification:
        given = getattr(identity, number) is not None
        if given != (number is wanted):
            raise IdentificationUnfit(
                f"“{identity.kind}”应填写 {wanted}，且只填写这一项。",
                f"A {identity.kind} is identified by {wanted}, and by nothing else.",
                field=f"/body/{number}",
                identification=str(wanted),
            )
    if identity.uscc is not None:
        check_uscc(identity.uscc)
    if identity.person_number is not None:
        check_person_number(identity.person_number, today)
    country = _country(identity.kind, identity.country_code)
    check_region(identity.region_code)
    return country


def _country(kind: PartyKind, given: str | None) -> str:
    if kind is K.FOREIGN:
        if given not in COUNTRIES - {CHINA, *HOME_COUNTRIES.values()}:
            raise CountryUnfit(
                "请填写 ISO 3166 三位国别代码；中国内地及港澳台请选择相应的主体类型。",
                "Give the ISO 3166 alpha-3 code; for China, Hong Kong, Macau and Taiwan choose the kind of party.",
                field="/body/country_code",
            )
        return given
    home = HOME_COUNTRIES.get(kind, CHINA)
    # A person may be of any country: a foreigner's permanent residence card has an identity number, too.
    if kind is K.NATURAL_PERSON and given in COUNTRIES:
        return given
    if given not in (None, home):
        raise CountryUnfit(
            f"此类主体的国别（地区）代码为 {home}。",
            f"The country code of this kind is {home}.",
            field="/body/country_code",
        )
    return home


def check_identified_by(kind: PartyKind, given: frozenset[str]) -> None:
    """Refuse a correction of a number by which this kind is not identified, and of a person's own number.

    A wrong identity number is another person: he registers anew.
    """
    wanted = identification_of(kind)
    for number in Identification:
        if number in given and (number is not wanted or number is Identification.PERSON_NUMBER):
            raise IdentificationUnfit(field=f"/body/{number}", identification=str(wanted))


def check_within(region_prefix: str, region_code: str) -> None:
    """Staff of a region do not see what lies outside it: it is as if it were not there."""
    if not region_code.startswith(region_prefix):
        raise NotFound()


def check_reviewer(*, party_id: UUID, reviewer_party_id: UUID, reviewer_parties: frozenset[UUID]) -> None:
    """Nobody reviews a party to which he belongs, whichever party he acts for just now."""
    if party_id == reviewer_party_id or party_id in reviewer_parties:
        raise ReviewOfOwnParty()


def check_review(*, approved: bool, reason: str | None) -> None:
    """A refusal says why, so that the applicant can put it right."""
    if not approved and not reason:
        raise ReviewReasonMissing(field="/body/reason")


class FirstPerson(StrEnum):
    """How a new party gets its first person."""

    NEW = "new"
    ACTOR = "actor"
    INVITED = "invited"
    NOBODY = "nobody"


def first_person(
    *, signed_in: bool, clerk: bool, named: bool, with_password: bool, by_key: bool = False
) -> FirstPerson:
    """A visitor brings a new person with a password. Somebody signed in may be the first person himself, but not by a
    program. A clerk (代录) invites the person or leaves the party without one, and never chooses somebody's password.
    """
    if clerk:
        if with_password:
            raise FirstPersonUnfit(
                "代录时不设置密码，首位人员凭邀请自行设置。",
                "A clerk sets no password: the first person sets it with the invitation.",
                field="/body/person/password",
            )
        return FirstPerson.INVITED if named else FirstPerson.NOBODY
    if signed_in and not named:
        if by_key:
            raise SessionNeeded()
        return FirstPerson.ACTOR
    if not named:
        raise FirstPersonUnfit(field="/body/person")
    if not with_password:
        raise FirstPersonUnfit(field="/body/person/password")
    return FirstPerson.NEW
