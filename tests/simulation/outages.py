"""What holds of a sale and an outage, whatever its reference says: nobody loses to our faults."""

from collections.abc import Sequence
from typing import Final

from app.auctions.rules.facts import (
    Fact,
    KnockedDown,
    PassedIn,
    Postponed,
    PriorityOffered,
    SealingClosed,
    Suspended,
)
from app.auctions.rules.snapshot import Snapshot
from app.auctions.states import AuctionStatus
from app.kit.outages import Outage
from tests.invariants.record import require

NAME: Final = "outage"
CLOSES: Final = (KnockedDown, PassedIn, PriorityOffered, SealingClosed)
_CLOCKED: Final = (AuctionStatus.FREE_BIDDING, AuctionStatus.TIMED_BIDDING, AuctionStatus.SEALING)


def check_outages(before: Snapshot, told: Sequence[Fact], outages: Sequence[Outage]) -> None:
    """A decision that knows of outages: an end that lay in the first of them takes no effect, it comes later or stands still."""
    numbers = [fact.outage_no for fact in told if isinstance(fact, Postponed | Suspended) and fact.outage_no]
    known = [one.no for one in outages]
    require(set(numbers) <= set(known), NAME, f"{numbers} were judged, and only {known} are known")
    require(len(set(numbers)) == len(numbers), NAME, f"one outage counted twice: {numbers}")
    if not outages or before.status not in _CLOCKED or before.ends_at is None:
        return
    first = outages[0]
    long = first.seconds > before.terms.fairness.bid_seconds
    overnight = before.today.limit_at is not None and before.today.limit_at < first.began_at
    if long and not overnight and first.began_at <= before.ends_at < first.ended_at:
        require(
            first.no in numbers, NAME, f"outage {first.no} lay over {before.ends_at}, and nothing was told"
        )
        closed = [fact.kind for fact in told if isinstance(fact, CLOSES)]
        require(not closed, NAME, f"{closed}, though outage {first.no} lay over the end {before.ends_at}")
