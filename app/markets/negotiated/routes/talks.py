"""Paths of talking: ask, offer, accept, leave. To whoever is neither side, a negotiation does not exist."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.http.etags import IfMatch
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import IdempotencyRequired, Idempotent, SignedIn
from app.kit.errors import NotFound
from app.markets import errors as sale
from app.markets.edge import (
    KEYED,
    LISTED,
    PINNED,
    SIGNED,
    UNSAFE,
    Cursor,
    Dealer,
    Limit,
    NegotiationId,
    Negotiator,
    OfferingId,
)
from app.markets.negotiated import actions, errors, queries
from app.markets.negotiated.routes.answers import answer
from app.markets.negotiated.schemas import (
    AcceptanceIn,
    EndingIn,
    NegotiationIn,
    NegotiationOut,
    NegotiationPage,
    OfferIn,
)
from app.markets.negotiated.states import NegotiationStatus
from app.markets.queries import awards
from app.markets.registrations.errors import BuyerNotReviewed
from app.markets.schemas import AwardOut

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["negotiations"])


@router.post(
    "/offerings/{id}/negotiations",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE,
        NotFound,
        sale.OfferingStage,
        sale.BuyerIsSeller,
        sale.OfferingNotOpen,
        errors.NegotiationExists,
    ),
)
async def open_negotiation(
    offering_id: OfferingId,
    body: NegotiationIn,
    actor: Negotiator,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> NegotiationOut:
    """Ask to negotiate. An organisation that waits for its review may ask; offers wait for the review."""
    row = await actions.open_negotiation(session, clock, actor=actor, offering_id=offering_id, body=body)
    response.headers["Location"] = f"/v1/negotiations/{row.id}"
    return await answer(session, response, row.id, actor)


@router.get("/negotiations", responses=refusals(*LISTED))
async def list_negotiations(
    actor: SignedIn,
    session: Session,
    offering_id: UUID | None = None,
    status: NegotiationStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> NegotiationPage:
    """The negotiations of the caller's party, as seller or as buyer, the latest first."""
    return await queries.list_negotiations(
        session, actor=actor, offering_id=offering_id, status=status, cursor=cursor, limit=limit
    )


@router.get("/negotiations/{id}", responses=refusals(*SIGNED, NotFound))
async def read_negotiation(
    negotiation_id: NegotiationId, actor: SignedIn, session: Session, response: Response
) -> NegotiationOut:
    """One negotiation with everything that was offered."""
    return await answer(session, response, negotiation_id, actor)


@router.post(
    "/negotiations/{id}/offers",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *KEYED,
        NotFound,
        sale.OfferingNotOpen,
        errors.NegotiationOver,
        errors.ValidityOutOfBounds,
        errors.TermSheetUnfit,
    ),
)
async def make_offer(
    negotiation_id: NegotiationId,
    body: OfferIn,
    actor: Dealer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> NegotiationOut:
    """Name terms: a new version of the term sheet. It takes the place of the one before; only the latest can be accepted."""
    await actions.offer(session, clock, actor=actor, negotiation_id=negotiation_id, body=body)
    return await answer(session, response, negotiation_id, actor)


@router.post(
    "/negotiations/{id}/acceptance",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *KEYED,
        *PINNED,
        sale.OfferingNotOpen,
        sale.CapacityUsedUp,
        sale.AlreadyAwarded,
        sale.BuyerIsSeller,
        errors.NegotiationOver,
        errors.OfferNotLive,
        errors.OfferIsOwn,
        BuyerNotReviewed,
    ),
)
async def accept_offer(
    negotiation_id: NegotiationId,
    body: AcceptanceIn,
    expected: IfMatch,
    actor: Dealer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AwardOut | NegotiationOut:
    """Accept the other side's latest offer: that is the award; or, where the seller needs his unit's decision and a public
    notice, the negotiation with its agreed terms.
    """
    made = await actions.accept(
        session,
        clock,
        actor=actor,
        negotiation_id=negotiation_id,
        offer_id=body.offer_id,
        expected=expected,
    )
    if made is None:
        return await answer(session, response, negotiation_id, actor)
    return await awards.award(session, actor=actor, award_id=made.award_id)


@router.post(
    "/negotiations/{id}/ending",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, *PINNED),
)
async def end_negotiation(
    negotiation_id: NegotiationId,
    body: EndingIn,
    expected: IfMatch,
    actor: Negotiator,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> NegotiationOut:
    """Leave a negotiation: the seller declines, the buyer withdraws."""
    await actions.leave(
        session,
        clock,
        actor=actor,
        negotiation_id=negotiation_id,
        expected=expected,
        reason=body.reason,
    )
    return await answer(session, response, negotiation_id, actor)
