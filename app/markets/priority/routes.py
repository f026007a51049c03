"""`/v1/offerings/{id}/priority-holders`: who holds a right of first refusal."""

from fastapi import APIRouter

from app.http.problems import refusals
from app.http.session import Session, TransactionalRoute
from app.identity.access import Idempotent, SignedIn
from app.kit.errors import NotFound
from app.markets.edge import SIGNED, UNSAFE, Offerer, OfferingId
from app.markets.priority import actions, errors, queries
from app.markets.priority.schemas import PriorityHoldersIn, PriorityHoldersOut

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["offerings"])


@router.get("/offerings/{id}/priority-holders", responses=refusals(*SIGNED, NotFound))
async def read_priority_holders(
    offering_id: OfferingId, actor: SignedIn, session: Session
) -> PriorityHoldersOut:
    """Who holds a right of first refusal: all for the seller and its reviewers, his own for a holder."""
    return await queries.read_holders(session, actor=actor, offering_id=offering_id)


@router.put(
    "/offerings/{id}/priority-holders",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.HoldersPinned, errors.HolderUnfit),
)
async def name_priority_holders(
    offering_id: OfferingId, body: PriorityHoldersIn, actor: Offerer, session: Session
) -> PriorityHoldersOut:
    """Name all holders of one's own offering before it comes to market, and how each was told."""
    await actions.name_holders(session, actor=actor, offering_id=offering_id, asked=body)
    return await queries.read_holders(session, actor=actor, offering_id=offering_id)
