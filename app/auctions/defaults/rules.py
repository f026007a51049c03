"""When a buyer is in default, and what the re-auction left short. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.auctions.defaults.errors import (
    DefaultDecided,
    DefaultNeedsSecondPerson,
    DefaultTooEarly,
    NothingAwarded,
    ReauctionMayFollow,
)
from app.auctions.defaults.states import DefaultStatus, Ground
from app.auctions.rules.terms import Organiser
from app.auctions.states import AuctionStatus
from app.kit.dates import market_date, wire
from app.kit.money import yuan

STATUTORY: Final = "拍卖法 art. 39"
"""Binds where a licensed auction house sells."""
AFTER_COURTS: Final = "house rule, after 法释〔2016〕18号 art. 24"
"""The courts' rule for their own online sales, which this market follows without being bound by it."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """The last days on which the buyer of one sale may confirm, and may sign and pay."""

    confirm_on: date
    sign_on: date


@dataclass(frozen=True, kw_only=True)
class Resale:
    """The re-auction of a lot: its number, whether it has ended, and its price in fen if it found a buyer."""

    number: str
    ended: bool
    price_minor: int | None


def source_of(organiser: Organiser) -> str:
    """By which rule a default is dealt with: the statute only where it binds the organiser."""
    return STATUTORY if organiser is Organiser.LICENSED_AUCTION_HOUSE else AFTER_COURTS


def check_ground(status: AuctionStatus, *, ground: Ground, due: Due, at: datetime) -> None:
    """Refuse a finding for a sale without a buyer, then one before the buyer's time is over.

    The day on which something is due belongs to the buyer, whole. Source: house rule.
    """
    if status is not AuctionStatus.AWARDED:
        raise NothingAwarded(status_now=str(status))
    if ground is Ground.DECLARED:
        return
    due_on = due.confirm_on if ground is Ground.NOT_CONFIRMED else due.sign_on
    if market_date(at) <= due_on:
        raise DefaultTooEarly(
            f"期限为{due_on}，当日届满之后方可认定。",
            f"The buyer has until the end of {due_on}.",
            due_on=str(due_on),
        )


def check_decision(status: DefaultStatus, *, same_person: bool) -> None:
    """Refuse to decide on one's own proposal, then to decide twice."""
    if same_person:
        raise DefaultNeedsSecondPerson()
    if status is not DefaultStatus.PROPOSED:
        raise DefaultDecided(status_now=str(status))


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """What the re-auction left short of the first price, in fen, and what that rests on."""

    amount_minor: int
    basis: str


def shortfall_of(
    *,
    number: str,
    price_minor: int,
    resale: Resale | None,
    reauction_until: datetime,
    given_up_by: str | None,
    at: datetime,
) -> Shortfall:
    """The difference between the defaulted price and the re-auction's, never below nothing.

    A re-auction that passed in leaves no price to compare with, and one that the seller gave up none either: then no
    shortfall is claimed. Raises `ReauctionMayFollow` while one is under way or still may be called.
    """
    if resale is not None and not resale.ended:
        raise ReauctionMayFollow(auction=resale.number)
    if resale is None and given_up_by is None and at < reauction_until:
        raise ReauctionMayFollow(until=wire(reauction_until))
    if resale is None or resale.price_minor is None:
        told = given_up_by or (f"{resale.number} 流拍" if resale else "逾期未再次竞价")
        return Shortfall(amount_minor=0, basis=told)
    return Shortfall(
        amount_minor=max(0, price_minor - resale.price_minor),
        basis=f"{number} {yuan(price_minor)} − {resale.number} {yuan(resale.price_minor)}",
    )


def reauction_until(ended_at: datetime, *, days: int) -> datetime:
    """Until when a re-auction may be called: so many calendar days after the sale failed."""
    return ended_at + timedelta(days=days)
