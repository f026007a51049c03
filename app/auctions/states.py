"""The life of an auction: one enum, one table. Nothing else says which state may follow which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class AuctionStatus(StrEnum):
    """Where a sale stands. Values are what the API shows; more may be added."""

    DRAFT = "draft"
    NOTICED = "noticed"
    REGISTRATION_OPEN = "registration_open"
    REGISTRATION_CLOSED = "registration_closed"
    READY = "ready"
    FREE_BIDDING = "free_bidding"
    TIMED_BIDDING = "timed_bidding"
    SUSPENDED = "suspended"
    AWARDED = "awarded"
    PASSED_IN = "passed_in"
    CANCELLED = "cancelled"


_S = AuctionStatus

PUBLISHED: Final = (_S.NOTICED, _S.REGISTRATION_OPEN, _S.REGISTRATION_CLOSED, _S.READY)
"""The notice is out and bidding has not begun."""

BIDDING: Final = (_S.FREE_BIDDING, _S.TIMED_BIDDING)
"""Bids are taken."""

LIVE: Final = (*PUBLISHED, *BIDDING)
"""The states that a suspension interrupts, and to which it returns."""

ENDED: Final = (_S.AWARDED, _S.PASSED_IN, _S.CANCELLED)
"""Nothing more happens here."""

TRANSITIONS: Final[Mapping[AuctionStatus, frozenset[AuctionStatus]]] = {
    # A listed sale with rivals skips notice and registration: both took place in the listing.
    _S.DRAFT: frozenset({_S.NOTICED, _S.REGISTRATION_CLOSED, _S.CANCELLED}),
    _S.NOTICED: frozenset({_S.REGISTRATION_OPEN, _S.SUSPENDED, _S.CANCELLED}),
    _S.REGISTRATION_OPEN: frozenset({_S.REGISTRATION_CLOSED, _S.SUSPENDED, _S.CANCELLED}),
    _S.REGISTRATION_CLOSED: frozenset({_S.READY, _S.SUSPENDED, _S.CANCELLED}),
    _S.READY: frozenset({_S.FREE_BIDDING, _S.SUSPENDED, _S.CANCELLED}),
    _S.FREE_BIDDING: frozenset({_S.TIMED_BIDDING, _S.SUSPENDED, _S.CANCELLED}),
    _S.TIMED_BIDDING: frozenset({_S.AWARDED, _S.PASSED_IN, _S.SUSPENDED, _S.CANCELLED}),
    _S.SUSPENDED: frozenset({*LIVE, _S.CANCELLED}),
    _S.AWARDED: frozenset(),
    _S.PASSED_IN: frozenset(),
    _S.CANCELLED: frozenset(),
}

MACHINE: Final = Machine("auction", _S.DRAFT, TRANSITIONS)
