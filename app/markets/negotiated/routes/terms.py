"""Paths of agreed terms: entered from outside, confirmed, decided on, put on notice, signed."""

from fastapi import APIRouter, Request, Response

from app.http.etags import IfMatch
from app.http.idempotency import hide_from_replay
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import IdempotencyRequired
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
    PINNED,
    NegotiationId,
    Negotiator,
    Offerer,
    OfferingId,
    Publisher,
)
from app.markets.negotiated import actions, errors
from app.markets.negotiated.routes.answers import answer
from app.markets.negotiated.schemas import (
    AgreedTermsIn,
    AgreedTermsOut,
    ConfirmationIn,
    NegotiationOut,
    PriceNoticeIn,
    SigningIn,
    UnitDecisionIn,
)
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
        negotiation=await answer(session, response, row.id, actor), invitation=entered.invitation
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
    return await answer(session, response, negotiation_id, actor)


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
    return await answer(session, response, negotiation_id, actor)


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
    return await answer(session, response, negotiation_id, actor)


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
