"""What sessions do when a lot moves, or a deposit arrives."""

from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.events import (
    AuctionCancelled,
    AuctionKnockedDown,
    AuctionPassedIn,
    AuctionReadied,
    AuctionResumed,
    PriorityOffered,
)
from app.auctions.sessions import actions
from app.db.clock import Clock
from app.events.dispatch import Handler
from app.events.model import Event
from app.settlement.events import DepositHeld


async def _lot_moved(session: AsyncSession, clock: Clock, event: Event) -> None:
    await actions.lot_moved(session, clock, auction_id=event.subject_id)


async def _deposit_held(session: AsyncSession, clock: Clock, event: Event) -> None:
    told = cast(DepositHeld, event)
    await actions.deposit_held(session, clock, registration_id=told.reference_id)


HANDLERS = (
    Handler(
        "sessions.lot_moved",
        (
            AuctionReadied.kind,
            AuctionKnockedDown.kind,
            AuctionPassedIn.kind,
            AuctionCancelled.kind,
            AuctionResumed.kind,
            PriorityOffered.kind,
        ),
        _lot_moved,
    ),
    Handler("sessions.deposit_held", (DepositHeld.kind,), _deposit_held),
)
