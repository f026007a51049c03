"""Paths of listings: publication, and the acceptance of a fixed price."""

from fastapi import APIRouter, Response

from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import IdempotencyRequired, Idempotent
from app.kit.errors import NotFound
from app.kit.states import IllegalTransition
from app.markets import errors as sale
from app.markets import queries
from app.markets.bundles import errors as bundles
from app.markets.edge import KEYED, PINNED, UNSAFE, Acceptor, OfferingId, Reviewer
from app.markets.listed import actions, errors
from app.markets.schemas import AwardOut, OfferingOut

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["listed"])


@router.post(
    "/offerings/{id}/publication",
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE,
        *PINNED,
        sale.OfferingStage,
        sale.ReviewerIsParty,
        bundles.BundleUnallocated,
        bundles.BundleNotAgreed,
    ),
)
async def publish_listing(
    offering_id: OfferingId,
    expected: IfMatch,
    actor: Reviewer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> OfferingOut:
    """Publish a reviewed listed offering. Today is day 0; the period ends at the cut-off of its last working day."""
    await actions.publish(session, clock, actor=actor, offering_id=offering_id, expected=expected)
    await session.flush()
    told = await queries.offering(session, actor=actor, offering_id=offering_id)
    etag(response, told.version)
    return told


@router.post(
    "/offerings/{id}/acceptances",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *KEYED,
        NotFound,
        IllegalTransition,
        sale.OfferingStage,
        sale.CapacityUsedUp,
        sale.OfferingNotOpen,
        sale.AlreadyAwarded,
        sale.BuyerIsSeller,
        errors.AcceptanceNotForThis,
        errors.AcceptanceNotQualified,
    ),
)
async def accept_ask(offering_id: OfferingId, actor: Acceptor, session: Session, clock: ClockDep) -> AwardOut:
    """Accept the fixed price of a licence that several may take: one award a buyer, until the capacity is used."""
    made = await actions.accept(session, clock, actor=actor, offering_id=offering_id)
    return await queries.award(session, actor=actor, award_id=made.award_id)
