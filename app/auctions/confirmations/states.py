"""The machine of a confirmation record."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class ConfirmationStatus(StrEnum):
    """Who has signed the record; voided where the buyer defaulted."""

    ISSUED = "issued"
    BUYER_SIGNED = "buyer_signed"
    ORGANISER_SIGNED = "organiser_signed"
    SIGNED = "signed"
    VOIDED = "voided"


class Signatory(StrEnum):
    """Who signs: the buyer, and the auctioneer or the exchange for the organiser."""

    BUYER = "buyer"
    ORGANISER = "organiser"


S = ConfirmationStatus
MACHINE: Final[Machine[ConfirmationStatus]] = Machine(
    "sale_confirmation",
    S.ISSUED,
    {
        S.ISSUED: frozenset({S.BUYER_SIGNED, S.ORGANISER_SIGNED, S.VOIDED}),
        S.BUYER_SIGNED: frozenset({S.SIGNED, S.VOIDED}),
        S.ORGANISER_SIGNED: frozenset({S.SIGNED, S.VOIDED}),
        S.SIGNED: frozenset({S.VOIDED}),
    },
)
