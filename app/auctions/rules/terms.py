"""The terms of one sale and its timetable, pinned at notice, and the bounds that they must keep.

Bounds are house rules for network bidding (网络竞价), after the courts' rules for online sales, which do not bind
this market. Where a licensed auction house runs the sale, the Auction Law's floors bind and are named.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.auctions.rules.ladder import Ladder
from app.auctions.rules.sealed.terms import SealedTerms
from app.markets.award import PriceKind
from app.markets.fairness import USUAL, Fairness


class Organiser(StrEnum):
    """Who runs the sale. Only a licensed house may call it an auction 拍卖 in the law's sense."""

    EXCHANGE_ONLINE_BIDDING = "exchange_online_bidding"
    LICENSED_AUCTION_HOUSE = "licensed_auction_house"


class Format(StrEnum):
    """How bids compare. Each is one module in `formats`."""

    ASCENDING = "ascending"
    SEALED_ONCE = "sealed_once"
    SEALED_ROUNDS = "sealed_rounds"


class CloseKind(StrEnum):
    """What ends the bidding: quiet for a full window, the auctioneer's hammer, or a deadline for envelopes."""

    SOFT_CLOSE = "soft_close"
    HAMMER = "hammer"
    DEADLINE = "deadline"


class SessionProfile(StrEnum):
    """How long phases last: a lot in a hall, a short lot of an online session, a lot that stays open for a day and more."""

    HALL = "hall"
    ONLINE_SESSION = "online_session"
    ONLINE_LONG = "online_long"


@dataclass(frozen=True, kw_only=True)
class Price:
    """The price's form. `royalty_bp` in basis points, `entry_fee_minor` in fen; each only where its kind fixes it."""

    kind: PriceKind = PriceKind.LUMP_SUM
    royalty_bp: int | None = None
    entry_fee_minor: int | None = None
    years: int | None = None


class PriorityStyle(StrEnum):
    """How a right of first refusal is used. Source: house rule; the seller chooses one of three usual styles."""

    NONE = "none"
    AS_BIDDER = "as_bidder"
    """The holder bids like everybody else."""
    IN_ROOM = "in_room"
    """The holder may match the current price while the bidding lasts (after 法释〔2016〕18号 art. 21)."""
    AFTER_CLOSE = "after_close"
    """The others compete first; the holder may take the lot at the final price within a period."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """The hours of a sale's days, local time `HH:MM`. Bidding that passes the end adjourns with the price held."""

    starts_local: str = "09:30"
    ends_local: str = "17:30"


PRICE_MAX: Final = 10**14 - 1
"""Fen: below one trillion yuan, so that a price and an increment always add up to an amount that can be written."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the notice fixes. Money in fen, durations in seconds, shares in basis points."""

    start_price_minor: int
    ladder: Ladder
    deposit_minor: int
    free_seconds: int
    window_seconds: int
    notice_days_min: int
    session_profile: SessionProfile = SessionProfile.ONLINE_LONG
    organiser: Organiser = Organiser.EXCHANGE_ONLINE_BIDDING
    format: Format = Format.ASCENDING
    close: CloseKind = CloseKind.SOFT_CLOSE
    extensions_max: int | None = None
    """None: the bidding is extended for as long as bids come."""
    jump_cap_bp: int | None = None
    """None: no raise is too large. Else the largest raise over the current price."""
    jump_confirm_steps: int = 5
    jump_confirm_bp: int = 2_000
    """A raise above both (so many increments, this share of the price) wants a second confirmation."""
    restart_notice_seconds: int = 300
    """The least time that is left to bidders after a resumption or a postponed start."""
    price: Price = Price()
    called_up: bool = False
    """The lot opens when its session calls it, not by the clock."""
    call_seconds: int = 15
    """The fair warning that online bidders get at each of the auctioneer's calls."""
    reserve_minor: int | None = None
    """An announced reserve, in fen."""
    reserve_commitment: str | None = None
    """SHA-256 over a salt and a secret reserve: the amount itself is never part of the terms."""
    proxy_allowed: bool = True
    priority: PriorityStyle = PriorityStyle.NONE
    priority_seconds: int = 86_400
    joint_allowed: bool = False
    """Several parties may register as one buyer."""
    late_minutes: int = 0
    """How many minutes late a deposit may still be accepted with the seller's written consent; 0: none may."""
    day: Day | None = None
    """None: the bidding goes on whatever the hour."""
    fairness: Fairness = USUAL
    """How long an outage of ours must be to count, and what it then gives back."""
    rounds_max: int = 1
    """How many rounds of sealed offers there may be; an extra one between those who tied does not count."""
    sealed: SealedTerms | None = None
    """Who opens the envelopes, and how further rounds go. None where bids are open."""

    @property
    def has_reserve(self) -> bool:
        """Whether there is a reserve, announced or secret."""
        return self.reserve_minor is not None or self.reserve_commitment is not None


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """The instants that the notice announces, in their order."""

    registration_opens_at: datetime
    registration_closes_at: datetime
    deposit_due_at: datetime
    starts_at: datetime
