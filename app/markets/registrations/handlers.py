"""A deposit that arrived moves its registration on."""

from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.dispatch import Handler
from app.events.model import Event
from app.markets.registrations import actions
from app.settlement.events import DepositHeld


async def _held(session: AsyncSession, clock: Clock, event: Event) -> None:
    told = cast(DepositHeld, event)
    await actions.deposit_held(session, clock, registration_id=told.reference_id)


HANDLERS = (Handler("markets.registrations.deposit_held", (DepositHeld.kind,), _held),)
