"""The life of a negotiation."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class NegotiationStatus(StrEnum):
    """`declined` by the seller, `withdrawn` by the buyer, `closed` because the offering left the market.

    Where the seller needs his unit's decision and a public notice, the agreed terms go through both before they are signed.
    """

    OPEN = "open"
    TERMS_AGREED = "terms_agreed"
    """Both sides agree on one term sheet; nothing is sold yet."""
    DECIDED = "decided"
    """The unit has decided to sell on these terms."""
    NOTICED = "noticed"
    """The price notice runs."""
    NOTICE_PAUSED = "notice_paused"
    """The notice's clock stands: an objection is accepted."""
    NOTICE_PASSED = "notice_passed"
    """The notice ran its time: the contract may be signed on the noticed terms."""
    AGREED = "agreed"
    """Sold on these terms."""
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"
    TERMINATED = "terminated"
    """Ended after the terms were agreed: an objection was upheld, or one side went back on it."""
    LAPSED = "lapsed"
    """The notice passed, and nobody signed in time."""


class Origin(StrEnum):
    """How the two sides came together."""

    INQUIRY = "inquiry"
    OFFLINE = "offline"
    """The terms were agreed outside the market 线下谈妥."""


class Side(StrEnum):
    """Who speaks."""

    SELLER = "seller"
    BUYER = "buyer"


_S = NegotiationStatus

TRANSITIONS: Final[Mapping[NegotiationStatus, frozenset[NegotiationStatus]]] = {
    _S.OPEN: frozenset({_S.TERMS_AGREED, _S.AGREED, _S.DECLINED, _S.WITHDRAWN, _S.EXPIRED, _S.CLOSED}),
    # A new offer opens the talk again. A seller who needs neither decision nor notice signs at once.
    _S.TERMS_AGREED: frozenset({_S.OPEN, _S.DECIDED, _S.AGREED, _S.TERMINATED, _S.CLOSED}),
    _S.DECIDED: frozenset({_S.NOTICED, _S.TERMS_AGREED, _S.TERMINATED, _S.CLOSED}),
    # Back to the terms: an objection was upheld so far, or the terms change; a new decision and a new notice follow.
    _S.NOTICED: frozenset({_S.NOTICE_PAUSED, _S.NOTICE_PASSED, _S.TERMS_AGREED, _S.TERMINATED, _S.CLOSED}),
    _S.NOTICE_PAUSED: frozenset({_S.NOTICED, _S.TERMS_AGREED, _S.TERMINATED, _S.CLOSED}),
    _S.NOTICE_PASSED: frozenset({_S.AGREED, _S.LAPSED, _S.TERMS_AGREED, _S.TERMINATED, _S.CLOSED}),
}

MACHINE: Final = Machine("negotiation", _S.OPEN, TRANSITIONS)

LIVE: Final = (_S.OPEN, _S.TERMS_AGREED, _S.DECIDED, _S.NOTICED, _S.NOTICE_PAUSED, _S.NOTICE_PASSED)
"""Not over yet: ends with the offering."""

AGREED_ON: Final = (_S.TERMS_AGREED, _S.DECIDED, _S.NOTICED, _S.NOTICE_PAUSED, _S.NOTICE_PASSED)
"""Terms are agreed and nothing is signed."""

ON_NOTICE: Final = (_S.NOTICED, _S.NOTICE_PAUSED, _S.NOTICE_PASSED)
"""A notice of its terms counts."""
