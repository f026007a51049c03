"""I-12. A cancelled or withdrawn sale has no winner, and every deposit is released."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.facts import Cancelled, KnockedDown
from app.auctions.states import AuctionStatus
from tests.invariants.record import Record, require
from tests.invariants.stored import Stored


def of_record(record: Record) -> None:
    """A cancellation is the last fact, and there is no winner beside it."""
    ended = [fact for fact in record.facts if isinstance(fact, Cancelled)]
    cancelled = record.now.status is AuctionStatus.CANCELLED
    require(len(ended) == int(cancelled), "I-12", f"cancelled {len(ended)} times, is {record.now.status}")
    if cancelled:
        require(record.facts[-1] is ended[0], "I-12", "something follows a cancellation")
        won = any(isinstance(fact, KnockedDown) for fact in record.facts)
        require(not won, "I-12", "a cancelled sale has a winner")


_STILL_HELD = text(
    "SELECT count(*) FROM deposits d JOIN registrations r ON r.id = d.reference_id"
    " WHERE r.offering_id = :offering AND d.status NOT IN ('released', 'lapsed')"
)


async def of_database(session: AsyncSession, sale: Stored) -> None:
    """No deposit of a sale that was called off is kept."""
    if sale.row.status == AuctionStatus.CANCELLED and sale.row.origin == "auction" and sale.row.starts_at:
        held = (await session.execute(_STILL_HELD, {"offering": sale.row.offering_id})).scalar_one()
        require(held == 0, "I-12", f"{held} deposits of a cancelled sale are still held")
