"""Paths of a bundle's division."""

from fastapi import APIRouter

from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Idempotent, SignedIn
from app.kit.errors import NotFound
from app.markets.bundles import actions, errors, queries
from app.markets.bundles.schemas import AllocationIn, AllocationOut
from app.markets.edge import SIGNED, UNSAFE, Drafter, OfferingId

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["offerings"])


@router.get("/offerings/{id}/allocation", responses=refusals(*SIGNED, NotFound))
async def read_allocation(offering_id: OfferingId, actor: SignedIn, session: Session) -> AllocationOut:
    """How a bundle's price is divided over its rights, and which holders agree; in fen once it is awarded."""
    return await queries.allocation(session, actor=actor, offering_id=offering_id)


@router.put(
    "/offerings/{id}/allocation",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.AllocationUnfit, errors.AllocationPinned),
)
async def allocate_price(
    offering_id: OfferingId, body: AllocationIn, actor: Drafter, session: Session, clock: ClockDep
) -> AllocationOut:
    """Divide the price of one's own bundle 专利包 over its rights. Every holder agrees before the notice."""
    shares = [(one.achievement_id, one.share_bp) for one in body.shares]
    await actions.allocate(session, clock, actor=actor, offering_id=offering_id, shares=shares)
    return await queries.allocation(session, actor=actor, offering_id=offering_id)


@router.post(
    "/offerings/{id}/allocation/agreement",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.AllocationPinned),
)
async def agree_to_allocation(
    offering_id: OfferingId, actor: Drafter, session: Session, clock: ClockDep
) -> AllocationOut:
    """Agree, as a holder of one of the rights, to the division as it stands."""
    await actions.agree(session, clock, actor=actor, offering_id=offering_id)
    return await queries.allocation(session, actor=actor, offering_id=offering_id)
