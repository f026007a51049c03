"""`/v1/auctions/{id}/agent`: who acts for the caller's party in a sale."""

from typing import Annotated

from fastapi import APIRouter, Depends

from app.auctions.agents import actions
from app.auctions.routes.wiring import SIGNED, AuctionId
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, require
from app.identity.permissions import Permission
from app.markets.registrations.agents.errors import AgentStage, AgentUnfit
from app.markets.registrations.agents.queries import agent_out
from app.markets.registrations.agents.schemas import AgentOut, ReplacementIn

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["auctions"])

Administrator = Annotated[Actor, Depends(require(Permission.MEMBER_MANAGE))]


@router.post(
    "/auctions/{id}/agent",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*SIGNED, AgentStage, AgentUnfit),
)
async def replace_agent(
    auction_id: AuctionId, body: ReplacementIn, actor: Administrator, session: Session, clock: ClockDep
) -> AgentOut:
    """Name or replace the agent of one's own party: registration, code and deposit stay; the old agent bids no more.

    Up to the start at will; during the bidding for a natural cause. By a new authorisation letter each time.
    """
    return agent_out(
        await actions.replace_agent(session, clock, actor=actor, auction_id=auction_id, asked=body)
    )
