"""An offering that left the market ends the negotiations about it."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.dispatch import Handler
from app.events.model import Event
from app.markets.events import OfferingClosed
from app.markets.negotiated import actions


async def _closed(session: AsyncSession, clock: Clock, event: Event) -> None:
    await actions.close_all(session, clock, offering_id=event.subject_id)


HANDLERS = (Handler("markets.negotiated.offering_closed", (OfferingClosed.kind,), _closed),)
