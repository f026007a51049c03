"""What evidence does when a sale has ended."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.events import AuctionCancelled, AuctionKnockedDown, AuctionPassedIn
from app.db.clock import Clock
from app.events.dispatch import Handler
from app.events.model import Event
from app.evidence import actions


async def publish_head(session: AsyncSession, clock: Clock, event: Event) -> None:
    """The record is complete: its head is signed and published."""
    await actions.publish_head(session, clock, auction_id=event.subject_id)


HANDLERS = (
    Handler(
        "evidence.publish_head",
        (AuctionKnockedDown.kind, AuctionPassedIn.kind, AuctionCancelled.kind),
        publish_head,
    ),
)
