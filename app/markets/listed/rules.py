"""When a listing ends, and what happens then. Pure.

The day of publication is day 0; the period ends at the announced cut-off of its last working day. The evaluation comes a
working day later, because money that was posted in time is on the bank's statement only then (docs/decisions).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.kit.dates import at_minute
from app.kit.outages import Outage
from app.markets.fairness import Fairness, deadline_touched, later
from app.markets.guards import WHOLE_BP, period_of
from app.markets.listed.errors import AcceptanceNotForThis, AcceptanceNotQualified
from app.markets.profiles import Profile
from app.markets.states import ListingKind, ListingStatus


class Result(StrEnum):
    """How a listing was evaluated."""

    NO_BUYER = "no_buyer"
    SINGLE_BUYER = "single_buyer"
    COMPETITION = "competition"
    PERIOD_OVER = "period_over"
    """A licence for several: its time is over; who has one has one."""
    WITHDRAWN = "withdrawn"
    """The offering had left the market before: taken back, or its capacity used up."""


@dataclass(frozen=True)
class Timetable:
    """When a listing ends and when it is evaluated. `provisional`: it rests on undecided working days."""

    published_on: date
    ends_on: date
    provisional: bool
    ends_at: datetime
    evaluates_at: datetime


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One registration at the deadline. `paid`: the deposit is held, or none is asked."""

    registration_id: UUID
    buyer_party_id: UUID
    decided: bool
    qualified: bool
    paid: bool
    quote_minor: int | None


@dataclass(frozen=True)
class Evaluation:
    """What follows from the deadline. `result` None: it is put off, somebody who paid is not decided on."""

    result: Result | None
    winner: Candidate | None = None
    amount_minor: int | None = None


def timetable(
    published_on: date, ends_on: date, evaluates_on: date, *, provisional: bool, cutoff_minute: int
) -> Timetable:
    """The instants of a listing: both end at the cut-off, Asia/Shanghai."""
    return Timetable(
        published_on=published_on,
        ends_on=ends_on,
        provisional=provisional,
        ends_at=at_minute(ends_on, cutoff_minute),
        evaluates_at=at_minute(evaluates_on, cutoff_minute),
    )


def period_days(profile: Profile, capacity: int | None, chosen: int | None) -> int:
    """The period in working days: the seller's choice, or the profile's usual one."""
    return chosen or period_of(profile, capacity).value


def deposit(profile: Profile, ask_minor: int, chosen_minor: int | None) -> int:
    """The deposit in fen: the seller's choice (0 for none), or the profile's usual share of the ask, whole fen."""
    return chosen_minor if chosen_minor is not None else ask_minor * profile.deposit_bp.value // WHOLE_BP


STANDS: Final[Mapping[Result, ListingStatus]] = {
    Result.NO_BUYER: ListingStatus.UNSOLD,
    Result.SINGLE_BUYER: ListingStatus.AWARDED,
    Result.COMPETITION: ListingStatus.COMPETITION,
    Result.PERIOD_OVER: ListingStatus.OVER,
}
"""Where a listing stands once it is evaluated."""


def evaluate(candidates: Sequence[Candidate], *, capacity: int | None, ask_minor: int) -> Evaluation:
    """What happens at the deadline of a listing.

    Whoever has paid and is not decided on puts it off: a clerk's silence costs nobody his place. One qualified buyer
    has it for the ask, or for his own quote where that is higher. Quotes play no part once buyers compete.
    """
    if any(one.paid and not one.decided for one in candidates):
        return Evaluation(None)
    if capacity != 1:
        return Evaluation(Result.PERIOD_OVER)
    able = [one for one in candidates if one.qualified and one.paid]
    if not able:
        return Evaluation(Result.NO_BUYER)
    if len(able) > 1:
        return Evaluation(Result.COMPETITION)
    return Evaluation(Result.SINGLE_BUYER, able[0], max(ask_minor, able[0].quote_minor or ask_minor))


def postponed(
    ends_at: datetime, outage: Outage, at: datetime, *, fairness: Fairness, cutoff: datetime
) -> datetime | None:
    """When a listing ends that an outage touched; None where it did not.

    cutoff: the cut-off of the next working day, to which an outage past the limit postpones it: a listing cannot be
    suspended. Source: house rule, after 法释〔2016〕18号 art. 28.
    """
    window = fairness.deadline_window_seconds
    if not deadline_touched(ends_at, outage, fairness):
        return None
    new_end = later(ends_at, at, window_seconds=window)
    return max(new_end, cutoff) if outage.seconds > fairness.suspend_seconds else new_end


def due(status: ListingStatus, *, ends_at: datetime, evaluates_at: datetime) -> datetime | None:
    """When a listing next needs attention by itself."""
    if status is ListingStatus.LISTED:
        return ends_at
    return evaluates_at if status is ListingStatus.EVALUATING else None


def kind_of(capacity: int | None) -> ListingKind:
    """What is listed: what one buyer gets, or a licence at a fixed price that several may have."""
    return ListingKind.ONE if capacity == 1 else ListingKind.FIXED_PRICE


def check_acceptance(*, capacity: int | None, qualified: bool) -> None:
    """Refuse an acceptance at the fixed price: of what only one can have, then by who is not qualified."""
    if capacity == 1:
        raise AcceptanceNotForThis()
    if not qualified:
        raise AcceptanceNotQualified()
