"""The life of a negotiation."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class NegotiationStatus(StrEnum):
    """`declined` by the seller, `withdrawn` by the buyer, `closed` because the offering left the market."""

    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"


class Side(StrEnum):
    """Who speaks."""

    SELLER = "seller"
    BUYER = "buyer"


_S = NegotiationStatus

TRANSITIONS: Final[Mapping[NegotiationStatus, frozenset[NegotiationStatus]]] = {
    _S.OPEN: frozenset({_S.AGREED, _S.DECLINED, _S.WITHDRAWN, _S.EXPIRED, _S.CLOSED}),
}

MACHINE: Final = Machine("negotiation", _S.OPEN, TRANSITIONS)
