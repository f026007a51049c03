"""I-24. An event is there if and only if what it tells of is: one for each public fact, in one commit."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.tables import EventRow
from tests.invariants.record import require
from tests.invariants.stored import Stored


async def of_database(session: AsyncSession, sale: Stored) -> None:
    """The outbox tells every `seq` of the sale once."""
    found = await session.execute(
        select(EventRow.payload["seq"].as_integer()).where(
            EventRow.subject_id == sale.row.id,
            EventRow.subject == "auction",
            # What other rooms tell of the sale (its signed head, its record) is none of its facts.
            EventRow.kind.startswith("auctions."),
            EventRow.payload["seq"].as_integer().is_not(None),
        )
    )
    told = sorted(found.scalars())
    due = [fact.seq for fact in sale.record.facts]
    require(told == due, "I-24", f"told {len(told)} events of {len(due)} facts")
