"""I-08. A clock that runs back reopens nothing: states follow the graph, times never fall, an ended sale is over."""

from app.auctions.rules.facts import BidCorrected
from app.auctions.states import ENDED, TRANSITIONS
from tests.invariants.record import Record, Step, require


def of_record(record: Record) -> None:
    """Times rise, states follow the table, nothing follows an end."""
    for before, fact, after in zip(record.states, record.facts, record.states[1:], strict=False):
        require(before.last_at is None or fact.at >= before.last_at, "I-08", f"seq {fact.seq} runs back")
        require(before.status not in ENDED, "I-08", f"{fact.kind} after the sale was {before.status}")
        moved = after.status is not before.status
        allowed = not moved or after.status in TRANSITIONS[before.status]
        require(allowed, "I-08", f"{before.status} became {after.status}")


def of_step(step: Step) -> None:
    """An ended sale does not change, and no price falls but to where a floor bid was struck."""
    if step.before.status in ENDED:
        require(step.after == step.before, "I-08", f"a sale that was {step.before.status} changed")
    for before, fact, after in zip(step.states, step.facts, step.states[1:], strict=False):
        fell = (after.current_minor or 0) < (before.current_minor or 0)
        struck = isinstance(fact, BidCorrected)
        require(struck or not fell, "I-08", f"{fact.kind}: the price fell to {after.current_minor}")
