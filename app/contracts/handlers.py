"""Reactions to the rooms below: an award drafts its contract."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.contracts import actions
from app.db.clock import Clock
from app.events.dispatch import Handler
from app.events.model import Event
from app.markets.events import OfferingAwarded


async def on_offering_awarded(session: AsyncSession, clock: Clock, event: Event) -> None:
    """Each award becomes a contract record."""
    assert isinstance(event, OfferingAwarded)
    await actions.draft_contract(session, clock, award=event)


HANDLERS = (Handler("contracts.draft", (OfferingAwarded.kind,), on_offering_awarded),)
