"""Paths of negotiations. To whoever is neither side, a negotiation does not exist."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.http.etags import IfMatch, etag
from app.http.idempotency import hide_from_replay
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, IdempotencyRequired, Idempotent, SignedIn
from app.identity.errors import (
    CountryUnfit,
    IdentificationUnfit,
    KindNotRegistrable,
    LoginTaken,
    PartyAlreadyRegistered,
    RegionUnknown,
    UsccInvalid,
)
from app.identity.routes.wiring import SealerDep
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
    Offerer,
    OfferingId,
    Publisher,
)
from app.markets.negotiated import actions, errors, queries
from app.markets.negotiated.schemas import (
    AcceptanceIn,
    AgreedTermsIn,
    AgreedTermsOut,
    ConfirmationIn,
    EndingIn,
    NegotiationIn,
    NegotiationOut,
    NegotiationPage,
    OfferIn,
    PriceNoticeIn,
    SigningIn,
    UnitDecisionIn,
)
from app.markets.negotiated.states import NegotiationStatus
from app.markets.queries import awards
from app.markets.registrations.errors import BuyerNotReviewed
from app.markets.schemas import AwardOut
from app.notices.errors import (
    NoticeContentIncomplete,
    NoticeLiveAlready,
    NoticeNotRunning,
    NoticePaused,
    ObjectionOpen,
    ObjectionProcedureMissing,
)

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["negotiations"])


async def _answer(
    session: AsyncSession, response: Response, negotiation_id: UUID, actor: Actor
) -> NegotiationOut:
    await session.flush()
    told = await queries.negotiation(session, actor=actor, negotiation_id=negotiation_id)
    etag(response, told.version)
    return told


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
    return await _answer(session, response, row.id, actor)


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
    return await _answer(session, response, negotiation_id, actor)


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
    return await _answer(session, response, negotiation_id, actor)


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
        return await _answer(session, response, negotiation_id, actor)
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
    return await _answer(session, response, negotiation_id, actor)


@router.post(
    "/offerings/{id}/agreed-terms",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *KEYED,
        NotFound,
        sale.OfferingStage,
        sale.BuyerIsSeller,
        sale.OfferingNotOpen,
        errors.DayAhead,
        errors.BuyerUnnamed,
        errors.NegotiationExists,
        errors.TermSheetUnfit,
        CountryUnfit,
        IdentificationUnfit,
        KindNotRegistrable,
        LoginTaken,
        PartyAlreadyRegistered,
        RegionUnknown,
        UsccInvalid,
    ),
)
async def enter_agreed_terms(
    offering_id: OfferingId,
    body: AgreedTermsIn,
    actor: Offerer,
    session: Session,
    clock: ClockDep,
    sealer: SealerDep,
    request: Request,
    response: Response,
) -> AgreedTermsOut:
    """Enter terms that were agreed outside the market 线下谈妥. The buyer confirms them when it signs in, a new one with the
    invitation, which is shown once.
    """
    entered = await actions.enter_agreed(
        session, clock, actor=actor, sealer=sealer, offering_id=offering_id, body=body
    )
    hide_from_replay(request, "invitation")
    row = entered.negotiation
    response.headers["Location"] = f"/v1/negotiations/{row.id}"
    return AgreedTermsOut(
        negotiation=await _answer(session, response, row.id, actor), invitation=entered.invitation
    )


@router.post(
    "/negotiations/{id}/confirmation",
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *KEYED,
        *PINNED,
        sale.OfferingNotOpen,
        sale.CapacityUsedUp,
        sale.AlreadyAwarded,
        sale.BuyerIsSeller,
        errors.NegotiationStage,
        errors.BuyerConfirmedBefore,
        BuyerNotReviewed,
        errors.OfferIsOwn,
        errors.ContestNeedsReason,
    ),
)
async def confirm_agreed_terms(
    negotiation_id: NegotiationId,
    body: ConfirmationIn,
    expected: IfMatch,
    actor: Negotiator,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> NegotiationOut:
    """The buyer stands by terms that were entered for it, or contests them."""
    await actions.answer(
        session,
        clock,
        actor=actor,
        negotiation_id=negotiation_id,
        expected=expected,
        confirms=body.confirms,
        reason=body.reason,
    )
    return await _answer(session, response, negotiation_id, actor)


@router.post(
    "/negotiations/{id}/decision",
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *KEYED,
        *PINNED,
        errors.NegotiationStage,
        errors.NothingToDecide,
        errors.DayAhead,
        errors.PriceReportMissing,
        errors.RelatedUndescribed,
    ),
)
async def decide_on_terms(
    negotiation_id: NegotiationId,
    body: UnitDecisionIn,
    expected: IfMatch,
    actor: Offerer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> NegotiationOut:
    """The seller records its unit's internal decision to sell on the agreed terms."""
    await actions.decide(
        session, clock, actor=actor, negotiation_id=negotiation_id, expected=expected, body=body
    )
    return await _answer(session, response, negotiation_id, actor)


@router.post(
    "/negotiations/{id}/notice",
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *KEYED,
        *PINNED,
        errors.NegotiationStage,
        errors.BuyerNotConfirmed,
        NoticeContentIncomplete,
        NoticeLiveAlready,
        ObjectionProcedureMissing,
    ),
)
async def publish_price_notice(
    negotiation_id: NegotiationId,
    body: PriceNoticeIn,
    expected: IfMatch,
    actor: Publisher,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> NegotiationOut:
    """Put the decided terms on public notice. Its clock starts once every place of the rule profile shows it."""
    await actions.publish_notice(
        session, clock, actor=actor, negotiation_id=negotiation_id, expected=expected, body=body
    )
    return await _answer(session, response, negotiation_id, actor)


@router.post(
    "/negotiations/{id}/signing",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *KEYED,
        *PINNED,
        sale.OfferingNotOpen,
        sale.CapacityUsedUp,
        sale.AlreadyAwarded,
        sale.BuyerIsSeller,
        errors.NegotiationStage,
        errors.SigningOverdue,
        errors.DayAhead,
        BuyerNotReviewed,
        errors.TermSheetUnfit,
        errors.ContractDiffersFromNotice,
        NoticeNotRunning,
        NoticePaused,
        ObjectionOpen,
    ),
)
async def sign_noticed_terms(
    negotiation_id: NegotiationId,
    body: SigningIn,
    expected: IfMatch,
    actor: Offerer,
    session: Session,
    clock: ClockDep,
) -> AwardOut:
    """The seller enters the signed contract. Its pinned terms equal the noticed ones, else it is refused."""
    made = await actions.sign(
        session, clock, actor=actor, negotiation_id=negotiation_id, expected=expected, body=body
    )
    return await awards.award(session, actor=actor, award_id=made.award_id)
