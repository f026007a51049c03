"""I-12. A cancelled or withdrawn sale has no winner, and every deposit is released."""

from app.auctions.rules.facts import Cancelled, KnockedDown
from app.auctions.states import AuctionStatus
from tests.invariants.record import Record, require


def of_record(record: Record) -> None:
    """A cancellation is the last fact, and there is no winner beside it."""
    ended = [fact for fact in record.facts if isinstance(fact, Cancelled)]
    cancelled = record.now.status is AuctionStatus.CANCELLED
    require(len(ended) == int(cancelled), "I-12", f"cancelled {len(ended)} times, is {record.now.status}")
    if cancelled:
        require(record.facts[-1] is ended[0], "I-12", "something follows a cancellation")
        won = any(isinstance(fact, KnockedDown) for fact in record.facts)
        require(not won, "I-12", "a cancelled sale has a winner")
