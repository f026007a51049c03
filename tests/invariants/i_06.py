"""I-06. Accepted if and only if the time read after the lock is before the end."""

from collections.abc import Sequence

from app.auctions.rules.facts import BiddingStarted, BidPlaced, Continued, Fact
from app.auctions.rules.snapshot import Snapshot
from app.auctions.states import BIDDING
from tests.invariants.record import Record, Step, require


def of_record(record: Record) -> None:
    """Each bid lies in the bidding, strictly before the end that was in force."""
    _in_time(record.states, record.facts)


def of_step(step: Step) -> None:
    """What a decision enters bears its own time, held at the latest fact where a clock ran back."""
    held = step.at if step.before.last_at is None else max(step.at, step.before.last_at)
    for fact in step.facts:
        require(fact.at == held, "I-06", f"{fact.kind} bears {fact.at}, the clock said {step.at}")
    _in_time(step.states, step.facts)


def _in_time(states: Sequence[Snapshot], facts: Sequence[Fact]) -> None:
    opening = False
    for before, fact in zip(states, facts, strict=False):
        if isinstance(fact, BidPlaced):
            require(before.status in BIDDING, "I-06", f"bid {fact.bid_no} while {before.status}")
            # What maxima bid as a sale begins or goes on belongs to that moment, however late a timer noticed it.
            late = before.ends_at is not None and fact.at >= before.ends_at and not opening
            require(not late, "I-06", f"bid {fact.bid_no} at {fact.at}, the end was {before.ends_at}")
        else:
            opening = isinstance(fact, BiddingStarted | Continued)
