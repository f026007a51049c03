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
    ON_THE_BLOCK = "on_the_block"
    """Called up in a hall: bids count until the hammer."""
    SEALING = "sealing"
    """Envelopes are taken until the deadline."""
    OPENING = "opening"
    """No further envelope is taken; those that were are being opened."""
    PRIORITY_PENDING = "priority_pending"
    """The price is found; who holds a right of first refusal may take the lot at it."""
    ADJOURNED = "adjourned"
    """Past the day's limit: continues on the next working day at the price reached."""
    SUSPENDED = "suspended"
    AWARDED = "awarded"
    PASSED_IN = "passed_in"
    CANCELLED = "cancelled"


_S = AuctionStatus

PUBLISHED: Final = (_S.NOTICED, _S.REGISTRATION_OPEN, _S.REGISTRATION_CLOSED, _S.READY)
"""The notice is out and bidding has not begun."""

BIDDING: Final = (_S.FREE_BIDDING, _S.TIMED_BIDDING, _S.ON_THE_BLOCK)
"""Bids are taken."""

SEALED: Final = (_S.SEALING, _S.OPENING)
"""Offers are taken or opened in envelopes."""

BEGUN: Final = (*BIDDING, *SEALED, _S.PRIORITY_PENDING, _S.ADJOURNED)
"""The sale itself is under way."""

LIVE: Final = (*PUBLISHED, *BEGUN)
"""The states that a suspension interrupts, and to which it returns."""

ENDED: Final = (_S.AWARDED, _S.PASSED_IN, _S.CANCELLED)
"""Nothing more happens here."""

_OUTCOMES: Final = (_S.AWARDED, _S.PASSED_IN, _S.PRIORITY_PENDING)
_STOPS: Final = (_S.SUSPENDED, _S.CANCELLED)

TRANSITIONS: Final[Mapping[AuctionStatus, frozenset[AuctionStatus]]] = {
    # A listed sale with rivals skips notice and registration: both took place in the listing.
    _S.DRAFT: frozenset({_S.NOTICED, _S.REGISTRATION_CLOSED, _S.CANCELLED}),
    _S.NOTICED: frozenset({_S.REGISTRATION_OPEN, *_STOPS}),
    _S.REGISTRATION_OPEN: frozenset({_S.REGISTRATION_CLOSED, *_STOPS}),
    _S.REGISTRATION_CLOSED: frozenset({_S.READY, *_STOPS}),
    _S.READY: frozenset({_S.FREE_BIDDING, _S.ON_THE_BLOCK, _S.SEALING, *_STOPS}),
    _S.FREE_BIDDING: frozenset({_S.TIMED_BIDDING, _S.ADJOURNED, *_STOPS}),
    _S.TIMED_BIDDING: frozenset({*_OUTCOMES, _S.ADJOURNED, *_STOPS}),
    _S.ON_THE_BLOCK: frozenset({*_OUTCOMES, _S.ADJOURNED, *_STOPS}),
    _S.SEALING: frozenset({_S.OPENING, *_STOPS}),
    # Another round, or one between those who tied, seals again.
    _S.OPENING: frozenset({_S.SEALING, *_OUTCOMES, *_STOPS}),
    _S.PRIORITY_PENDING: frozenset({_S.AWARDED, *_STOPS}),
    _S.ADJOURNED: frozenset({_S.FREE_BIDDING, _S.TIMED_BIDDING, _S.ON_THE_BLOCK, *_STOPS}),
    _S.SUSPENDED: frozenset({*LIVE, _S.CANCELLED}),
    _S.AWARDED: frozenset(),
    _S.PASSED_IN: frozenset(),
    _S.CANCELLED: frozenset(),
}

MACHINE: Final = Machine("auction", _S.DRAFT, TRANSITIONS)
