"""The terms of one sale and its timetable, pinned at notice, and the bounds that they must keep.

Bounds are house rules for network bidding (网络竞价), after the courts' rules for online sales, which do not bind
this market. Where a licensed auction house runs the sale, the Auction Law's floors bind and are named.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.auctions.errors import TermsOutOfBounds
from app.auctions.rules.ladder import Ladder
from app.kit.money import yuan


class Organiser(StrEnum):
    """Who runs the sale. Only a licensed house may call it an auction 拍卖 in the law's sense."""

    EXCHANGE_ONLINE_BIDDING = "exchange_online_bidding"
    LICENSED_AUCTION_HOUSE = "licensed_auction_house"


class Format(StrEnum):
    """How bids compare. More formats come; each is one module in `formats`."""

    ASCENDING = "ascending"


class CloseKind(StrEnum):
    """What ends the bidding. The hammer comes later, behind the same protocol."""

    SOFT_CLOSE = "soft_close"


class SessionProfile(StrEnum):
    """How long phases last: a short lot of an online session, or a lot that stays open for a day and more."""

    ONLINE_SESSION = "online_session"
    ONLINE_LONG = "online_long"


@dataclass(frozen=True)
class Span:
    """Inclusive bounds, in seconds."""

    lowest: int
    highest: int


PHASES: Final = {
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
    restart_notice_seconds: int = 300
    """The least time that is left to bidders after a resumption or a postponed start."""


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """The instants that the notice announces, in their order."""

    registration_opens_at: datetime
    registration_closes_at: datetime
    deposit_due_at: datetime
    starts_at: datetime


def check_terms(terms: Terms) -> None:
    """Refuse terms outside their bounds, the first one found in the order of this function.

    Raises `TermsOutOfBounds` with the field. Source: house rules.
    """
    free, window = PHASES[terms.session_profile]
    deposit_max = terms.start_price_minor * DEPOSIT_MAX_BP // 10_000
    _within("start_price", terms.start_price_minor, 1, PRICE_MAX, money=True)
    if flaw := terms.ladder.flaw():
        raise TermsOutOfBounds(
            f"加价幅度表有误：{flaw}。", f"The ladder: {flaw}.", field="/body/terms/ladder"
        )
    _within("deposit", terms.deposit_minor, 0, deposit_max, money=True)
    _within("free_seconds", terms.free_seconds, free.lowest, free.highest)
    _within("window_seconds", terms.window_seconds, window.lowest, window.highest)
    _within("extensions_max", terms.extensions_max, 1, 10_000)
    _within("jump_cap_bp", terms.jump_cap_bp, JUMP_CAP_MIN_BP, 1_000_000)
    floor = STATUTORY_NOTICE_DAYS if terms.organiser is Organiser.LICENSED_AUCTION_HOUSE else 0
    _within("notice_days_min", terms.notice_days_min, floor, 365)
    _within("restart_notice_seconds", terms.restart_notice_seconds, 60, 86_400)


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
