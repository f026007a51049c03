"""A holder answers: he takes the lot at the price found, or gives his right up."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.actions.closing import decide
from app.auctions.rules.commands import ExercisePriority, WaivePriority
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.identity.access import Actor


async def answer_priority(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, exercise: bool
) -> AuctionRow:
    """Use the actor's right of first refusal while the sale waits for it, or give it up. An answer stands.

    Raises `NotFound`, `PriorityRefused`, `PriorityAnswered`, and what a bid of this party would be refused for.
    """
    row = await repository.lock_announced(session, auction_id)
    at = await clock.read(session)
    bidder = (await repository.bidder_of(session, row, actor)).standing
    command = ExercisePriority(bidder=bidder) if exercise else WaivePriority(bidder=bidder)
    await decide(session, clock, row, command, at)
    return row
