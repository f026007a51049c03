"""One sale as it is stored, read once for all checkers that look at the database."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.tables import AuctionEventRow, AuctionRow, BidRow
from tests.invariants.record import Record


@dataclass(frozen=True)
class Stored:
    """An auction's row, its record with the hashes, and its bids in order."""

    row: AuctionRow
    record: Record
    links: list[AuctionEventRow]
    bids: list[BidRow]


async def stored(session: AsyncSession, auction_id: UUID) -> Stored:
    """Everything of one sale."""
    row = await session.get_one(AuctionRow, auction_id, populate_existing=True)
    facts = [fact for fact, _ in await repository.facts_of(session, auction_id, limit=1_000_000)]
    links = await session.execute(
        select(AuctionEventRow)
        .where(AuctionEventRow.auction_id == auction_id)
        .order_by(AuctionEventRow.seq)
        .execution_options(populate_existing=True)
    )
    bids = await session.execute(
        select(BidRow).where(BidRow.auction_id == auction_id).order_by(BidRow.bid_no)
    )
    record = Record(repository.pinned(row), facts)
    return Stored(row, record, list(links.scalars()), list(bids.scalars()))
