"""Kinds of parties and of credit entries, and the review that a new organisation goes through."""

from enum import StrEnum

from app.kit.states import Machine


class PartyKind(StrEnum):
    """What a party is. It decides how it is identified and which rules bind it as a seller."""

    UNIVERSITY = "university"
    INSTITUTE = "institute"
    HOSPITAL = "hospital"
    STATE_ENTERPRISE = "state_enterprise"
    PRIVATE_ENTERPRISE = "private_enterprise"
    FOREIGN_INVESTED_ENTERPRISE = "foreign_invested_enterprise"
    VILLAGE_COLLECTIVE = "village_collective"
    SOCIAL_ORGANISATION = "social_organisation"
    SOLE_TRADER = "sole_trader"
    MILITARY_UNIT = "military_unit"
    GOVERNMENT = "government"
    EXCHANGE = "exchange"
    AUCTION_HOUSE = "auction_house"
    TRANSFER_AGENCY = "transfer_agency"
    EVALUATOR = "evaluator"
    REGISTRATION_OFFICE = "registration_office"
    FINANCE_INSTITUTION = "finance_institution"
    NATURAL_PERSON = "natural_person"
    HONG_KONG = "hong_kong"
    MACAU = "macau"
    TAIWAN = "taiwan"
    FOREIGN = "foreign"


class CreditKind(StrEnum):
    """What an entry in a credit record is about. More kinds come with the rooms that find them."""

    BUYER_DEFAULT = "buyer_default"
    """The winner did not confirm, sign or pay 悔拍."""


class ReviewStatus(StrEnum):
    """Whether the operator has checked that a party is who it says."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


R = ReviewStatus
PARTY_REVIEW: Machine[ReviewStatus] = Machine(
    "party_review",
    R.PENDING,
    {R.PENDING: frozenset({R.APPROVED, R.REFUSED}), R.REFUSED: frozenset({R.PENDING})},
)
