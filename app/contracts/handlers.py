"""Reactions to the rooms below: an award drafts its contract, a rescission voids it."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.contracts import actions
from app.db.clock import Clock
from app.events.dispatch import Handler
from app.events.model import Event
from app.markets.events import AwardRescinded, OfferingAwarded


async def on_award(session: AsyncSession, clock: Clock, event: Event) -> None:
    """Each award becomes a contract record; a rescinded one's record is void."""
    if isinstance(event, AwardRescinded):
        await actions.void_contract(session, clock, rescinded=event)
        return
    assert isinstance(event, OfferingAwarded)
    await actions.draft_contract(session, clock, award=event)


# One handler for both: a cursor reads in the order of positions, so no record is drafted after it was voided.
HANDLERS = (Handler("contracts.draft", (OfferingAwarded.kind, AwardRescinded.kind), on_award),)
