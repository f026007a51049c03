"""How each kind of party is identified, and who may review whom. Pure.

Source: house rule after practice R12 (every kind of seller and buyer can be identified).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.identity.errors import (
    CountryUnfit,
    IdentificationUnfit,
    KindNotRegistrable,
    ReviewOfOwnParty,
    ReviewReasonMissing,
)
from app.identity.rules.codes import COUNTRIES, check_person_number, check_region, check_uscc
from app.identity.states import PartyKind

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


def check_reviewer(*, party_id: UUID, reviewer_party_id: UUID, reviewer_parties: frozenset[UUID]) -> None:
    """Nobody reviews a party to which he belongs, whichever party he acts for just now."""
    if party_id == reviewer_party_id or party_id in reviewer_parties:
        raise ReviewOfOwnParty()


def check_review(*, approved: bool, reason: str | None) -> None:
    """A refusal says why, so that the applicant can put it right."""
    if not approved and not reason:
        raise ReviewReasonMissing(field="/body/reason")
