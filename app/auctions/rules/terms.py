"""The terms of one sale and its timetable, pinned at notice, and the bounds that they must keep.

Bounds are house rules for network bidding (网络竞价), after the courts' rules for online sales, which do not bind
this market. Where a licensed auction house runs the sale, the Auction Law's floors bind and are named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.auctions.errors import FormatMismatch, TermsOutOfBounds
from app.auctions.rules.ladder import Ladder
from app.auctions.rules.sealed.terms import ROUND_SECONDS, SealedTerms
from app.kit.money import yuan
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


@dataclass(frozen=True)
class Span:
    """Inclusive bounds, in seconds."""

    lowest: int
    highest: int


PHASES: Final = {
    SessionProfile.HALL: (Span(0, 0), Span(0, 600)),
    SessionProfile.ONLINE_SESSION: (Span(900, 3_600), Span(60, 180)),
    SessionProfile.ONLINE_LONG: (Span(3_600, 30 * 86_400), Span(60, 600)),
}
"""Profile → bounds of the free phase and of the extension window."""

PRICE_MAX: Final = 10**14 - 1
"""Fen: below one trillion yuan, so that a price and an increment always add up to an amount that can be written."""

DEPOSIT_MAX_BP: Final = 3_000
JUMP_CAP_MIN_BP: Final = 5_000
"""No cap may refuse a raise of half the price: people in the room do jump from 80 to 100."""

STATUTORY_NOTICE_DAYS: Final = 7
"""拍卖法 art. 45, for a licensed auction house."""


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


_TOGETHER: Final[Mapping[Format, Mapping[CloseKind, tuple[SessionProfile, ...]]]] = {
    Format.ASCENDING: {
        CloseKind.SOFT_CLOSE: (SessionProfile.ONLINE_SESSION, SessionProfile.ONLINE_LONG),
        CloseKind.HAMMER: (SessionProfile.HALL,),
    },
    Format.SEALED_ONCE: {
        CloseKind.DEADLINE: (SessionProfile.ONLINE_SESSION, SessionProfile.ONLINE_LONG),
    },
    Format.SEALED_ROUNDS: {
        CloseKind.DEADLINE: (SessionProfile.ONLINE_SESSION, SessionProfile.ONLINE_LONG),
    },
}

_FIXED: Final = {
    PriceKind.LUMP_SUM: (),
    PriceKind.ENTRY_FEE: ("royalty_bp",),
    PriceKind.ROYALTY_RATE: ("entry_fee_minor",),
    PriceKind.ANNUAL_FEE: ("years",),
}


def check_terms(terms: Terms) -> None:
    """Refuse terms outside their bounds, the first one found in the order of this function.

    Raises `TermsOutOfBounds` with the field, or `FormatMismatch`. Source: house rules.
    """
    if terms.session_profile not in _TOGETHER[terms.format].get(terms.close, ()):
        raise FormatMismatch(field="/body/terms/close")
    free, window = PHASES[terms.session_profile]
    deposit_max = terms.start_price_minor * DEPOSIT_MAX_BP // 10_000
    _within("start_price", terms.start_price_minor, 1, PRICE_MAX, money=True)
    if flaw := terms.ladder.flaw():
        raise TermsOutOfBounds(
            f"加价幅度表有误：{flaw}。", f"The ladder: {flaw}.", field="/body/terms/ladder"
        )
    _check_price(terms)
    if terms.day is not None and terms.day.starts_local >= terms.day.ends_local:
        raise TermsOutOfBounds(
            "每日开始时间应早于结束时间。",
            "A day of sale begins before it ends.",
            field="/body/terms/day/ends_local",
        )
    if terms.price.kind is not PriceKind.ROYALTY_RATE:
        _within("deposit", terms.deposit_minor, 0, deposit_max, money=True)
    _within("free_seconds", terms.free_seconds, free.lowest, free.highest)
    _within("window_seconds", terms.window_seconds, window.lowest, window.highest)
    _within("extensions_max", terms.extensions_max, 1, 10_000)
    _within("jump_cap_bp", terms.jump_cap_bp, JUMP_CAP_MIN_BP, 1_000_000)
    _within("jump_confirm_steps", terms.jump_confirm_steps, 1, 1_000)
    _within("jump_confirm_bp", terms.jump_confirm_bp, 100, 1_000_000)
    floor = STATUTORY_NOTICE_DAYS if terms.organiser is Organiser.LICENSED_AUCTION_HOUSE else 0
    _within("notice_days_min", terms.notice_days_min, floor, 365)
    _within("restart_notice_seconds", terms.restart_notice_seconds, 60, 86_400)
    _within("call_seconds", terms.call_seconds, 10, 30)
    _within("reserve_price", terms.reserve_minor, terms.start_price_minor, PRICE_MAX, money=True)
    _within("priority_seconds", terms.priority_seconds, 60, 10 * 86_400)
    _within("rounds_max", terms.rounds_max, 1, 10)
    _check_sealed(terms)


def _check_sealed(terms: Terms) -> None:
    """Sealed formats say who opens; they know no rounds beyond their own, no maxima, no right exercised among bids, no day."""
    if (terms.sealed is not None) != (terms.format is not Format.ASCENDING):
        raise FormatMismatch(field="/body/terms/sealed")
    if terms.sealed is None:
        return
    unfit = {
        "rounds_max": (terms.rounds_max > 1) != (terms.format is Format.SEALED_ROUNDS),
        "priority": terms.priority is PriorityStyle.IN_ROOM,
        "proxy_allowed": terms.proxy_allowed,
        "day": terms.day is not None,
    }
    for name, is_unfit in unfit.items():
        if is_unfit:
            raise FormatMismatch(field=f"/body/terms/{name}")
    _within("sealed/round_seconds", terms.sealed.round_seconds, *ROUND_SECONDS)


def _check_price(terms: Terms) -> None:
    """Each kind of price fixes its own other part, and none that is another's."""
    price = terms.price
    for name, lowest, highest in (
        ("royalty_bp", 1, 10_000),
        ("entry_fee_minor", 0, PRICE_MAX),
        ("years", 1, 20),
    ):
        value = getattr(price, name)
        field = name.removesuffix("_minor")
        if (value is not None) != (name in _FIXED[price.kind]):
            raise TermsOutOfBounds(
                f"价格形式 {price.kind} {'须填写' if value is None else '不含'} {field}。",
                f"The price form {price.kind} {'needs' if value is None else 'has no'} {field}.",
                field=f"/body/terms/price/{field}",
            )
        _within(f"price/{field}", value, lowest, highest, money=name == "entry_fee_minor")
    if price.kind is PriceKind.ROYALTY_RATE:
        _within("start_price", terms.start_price_minor, 1, 10_000, money=True)


def _within(name: str, value: int | None, lowest: int, highest: int, *, money: bool = False) -> None:
    if value is None or lowest <= value <= highest:
        return
    low, high = (yuan(lowest), yuan(highest)) if money else (str(lowest), str(highest))
    raise TermsOutOfBounds(
        f"{name} 应在 {low} 与 {high} 之间。",
        f"{name} must be between {low} and {high}.",
        field=f"/body/terms/{name}",
        lowest=low,
        highest=high,
    )
