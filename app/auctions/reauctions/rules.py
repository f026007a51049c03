"""The limits of a re-auction. Pure."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.auctions.reauctions.errors import (
    LotNotFree,
    ReauctionCalledBefore,
    ReauctionDecisionMissing,
    ReauctionPriceOutOfBounds,
    ReauctionsUsedUp,
    ReauctionTermsChanged,
    ReauctionTooLate,
)
from app.auctions.rules.terms import Terms
from app.auctions.states import AuctionStatus
from app.kit.dates import wire
from app.kit.money import yuan

_PRICE: Final = ("start_price_minor", "deposit_minor", "reserve_minor", "reserve_commitment")
"""What may differ from the sale before: the price, and what follows from it."""
_GIVEN: Final = ("notice_days_min", "organiser", "restart_notice_seconds", "called_up", "fairness")
"""What the market sets, not the seller."""


@dataclass(frozen=True, kw_only=True)
class Before:
    """The sale that is repeated.

    free_since: when it passed in, or its buyer's default was confirmed; None for neither. until: when it may be repeated
    no more. reauctions: how often the lot was put up again before.
    """

    status: AuctionStatus
    free_since: datetime | None
    until: datetime | None
    terms: Terms
    following_id: UUID | None
    reauctions: int


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the rule profile allows."""

    cut_bp: int
    reauctions_max: int
    decision_needed: bool


def check_free(before: Before, limits: Limits, at: datetime) -> None:
    """Refuse to sell a lot again: it is not free; called before; too often; too late.

    Source: house rule, after 法释〔2016〕18号 art. 26: within thirty days.
    """
    if before.free_since is None:
        raise LotNotFree(status_now=str(before.status))
    if before.following_id is not None:
        raise ReauctionCalledBefore(auction_id=str(before.following_id))
    if before.reauctions >= limits.reauctions_max:
        raise ReauctionsUsedUp(reauctions_max=limits.reauctions_max)
    check_in_time(before, at)


def check_in_time(before: Before, at: datetime) -> None:
    """Refuse once the period is over: for the call of a re-auction, and for its notice."""
    if before.until is not None and at >= before.until:
        raise ReauctionTooLate(until=wire(before.until))


def check_terms_again(before: Terms, asked: Terms, limits: Limits, *, has_paper: bool) -> None:
    """Refuse terms: the price, then anything else that differs, then a lower price without the unit's paper.

    The deposit keeps its own bounds, which every draft is checked against. Source: house rule, after 法释〔2016〕18号
    art. 26: the start price is cut by a fifth at most.
    """
    _check_price(before.start_price_minor, asked.start_price_minor, limits.cut_bp)
    _check_same(before, asked)
    lower = asked.start_price_minor < before.start_price_minor
    if lower and limits.decision_needed and not has_paper:
        raise ReauctionDecisionMissing(field="/body/decision_document_no")


def lowest_start(before_minor: int, cut_bp: int) -> int:
    """The lowest start price in fen: rounded up, so that no fraction of a fen is cut too much."""
    return -(-before_minor * (10_000 - cut_bp) // 10_000)


def _check_price(before_minor: int, asked_minor: int, cut_bp: int) -> None:
    lowest = lowest_start(before_minor, cut_bp)
    if lowest <= asked_minor <= before_minor:
        return
    raise ReauctionPriceOutOfBounds(
        f"起拍价应在{yuan(lowest)}元与{yuan(before_minor)}元之间。",
        f"The start price lies between {yuan(lowest)} and {yuan(before_minor)} yuan.",
        field="/body/terms/start_price",
        lowest=yuan(lowest),
        highest=yuan(before_minor),
    )


def _check_same(before: Terms, asked: Terms) -> None:
    for one in fields(Terms):
        if one.name in (*_PRICE, *_GIVEN) or _plain(getattr(before, one.name)) == _plain(
            getattr(asked, one.name)
        ):
            continue
        raise ReauctionTermsChanged(
            f"“{one.name}”与前次竞价不同。",
            f"{one.name} differs from the sale before.",
            field=f"/body/terms/{one.name.removesuffix('_minor')}",
        )


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
