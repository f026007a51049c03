"""What auctions do when another room tells something."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions
from app.db.clock import Clock
from app.events.dispatch import Handler
from app.events.model import Event
from app.markets.events import CompetitionRequired


async def open_competition(session: AsyncSession, clock: Clock, event: Event) -> None:
    """A listed sale has rivals: they bid, on the registrations that they have."""
    assert isinstance(event, CompetitionRequired)
    await actions.call_competition(session, clock, required=event)


HANDLERS = (Handler("auctions.open_competition", (CompetitionRequired.kind,), open_competition),)
