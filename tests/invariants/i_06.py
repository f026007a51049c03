"""I-06. Accepted if and only if the time read after the lock is before the end."""

from app.auctions.rules.facts import BidPlaced
from app.auctions.states import BIDDING
from tests.invariants.record import Record, Step, require


def of_record(record: Record) -> None:
    """Each bid lies in the bidding, strictly before the end that was in force."""
    for before, fact in zip(record.states, record.facts, strict=False):
        if isinstance(fact, BidPlaced):
            require(before.status in BIDDING, "I-06", f"bid {fact.bid_no} while {before.status}")
            require(
                before.ends_at is None or fact.at < before.ends_at,
                "I-06",
                f"bid {fact.bid_no} at {fact.at}, the end was {before.ends_at}",
            )


def of_step(step: Step) -> None:
    """What a decision enters bears its own time, held at the latest fact where a clock ran back."""
    held = step.at if step.before.last_at is None else max(step.at, step.before.last_at)
    for fact in step.facts:
        require(fact.at == held, "I-06", f"{fact.kind} bears {fact.at}, the clock said {step.at}")
        if isinstance(fact, BidPlaced):
            end = step.before.ends_at
            started = step.before.status in BIDDING
            require(
                not started or end is None or held < end, "I-06", f"accepted at {held}, the end was {end}"
            )
