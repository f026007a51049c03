"""I-09. Every bid is of a qualified registration of this sale, under its own code, with its deposit, never the seller's."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.invariants.record import require
from tests.invariants.stored import Stored

_STRANGERS = text(
    "SELECT b.bid_no FROM bids b JOIN auctions a ON a.id = b.auction_id"
    " JOIN offerings o ON o.id = a.offering_id"
    " JOIN registrations r ON r.id = b.registration_id"
    " LEFT JOIN deposits d ON d.reference_id = r.id"
    " WHERE b.auction_id = :auction AND NOT coalesce(r.offering_id = a.offering_id AND r.passed"
    " AND r.bidder_code = b.bidder_code AND r.buyer_party_id NOT IN (a.seller_party_id, o.holder_party_id)"
    " AND (r.deposit_minor = 0 OR d.held_at <= b.at), false)"
)


async def of_database(session: AsyncSession, sale: Stored) -> None:
    """Nobody bid who was not entitled to at that moment."""
    found = (await session.execute(_STRANGERS, {"auction": sale.row.id})).scalars().all()
    require(not found, "I-09", f"bids {found} are of somebody who may not bid")
