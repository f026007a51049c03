"""A demand whose solution was chosen becomes an award: the negotiated path, with the demand as its subject."""

from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.demands.events import SolutionChosen
from app.events.dispatch import Handler
from app.events.model import Event
from app.markets import actions
from app.markets.states import Mode


async def _chosen(session: AsyncSession, clock: Clock, event: Event) -> None:
    told = cast(SolutionChosen, event)
    await actions.award_demand(
        session,
        clock,
        demand_id=told.demand_id,
        title=told.title,
        seller_party_id=told.provider_party_id,
        buyer_party_id=told.poster_party_id,
        amount=told.amount,
        mode=Mode(told.work),
        term_months=told.schedule_months,
        region_code=told.region_code,
        entered_by=told.entered_by,
    )


HANDLERS = (Handler("markets.solution_chosen", (SolutionChosen.kind,), _chosen),)
