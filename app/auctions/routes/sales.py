"""Sales: drafted, announced, made ready, interrupted, ended, and read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.auctions import actions, errors, queries
from app.auctions.errors.sealed import CustodyIncomplete, CustodyNotIndependent, RehearsalMissing
from app.auctions.reauctions.errors import ReauctionTooLate
from app.auctions.routes.wiring import (
    AGAIN,
    SIGNED,
    STAGED,
    VERSIONED,
    AuctionId,
    Cashier,
    Cursor,
    Limit,
    Operator,
    Seller,
    shown,
)
from app.auctions.schemas import (
    AuctionIn,
    AuctionOut,
    AuctionPage,
    AuctionPatch,
    CancelIn,
    EventPage,
    NoticeIn,
    ResumeIn,
    StatusFilter,
    SuspendIn,
)
from app.auctions.sessions.errors import LotOfSession
from app.http.etags import IfMatch
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Idempotent, OptionalActor
from app.identity.errors import PartyNotReviewed
from app.kit.errors import Conflict, NotFound
from app.kit.paging import CursorInvalid
from app.markets.bundles import errors as bundles
from app.markets.priority.errors import HolderNotTold, HoldersLeftOut

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["auctions"])


@router.get("/auctions", responses=refusals(CursorInvalid))
async def list_auctions(
    *,
    session: Session,
    actor: OptionalActor,
    status: Annotated[
        StatusFilter | None, Query(description="A state, or `live`, `coming`, `ended`.")
    ] = None,
    offering_id: Annotated[UUID | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AuctionPage:
    """Sales, the latest start first."""
    return await queries.list_auctions(
        session, actor=actor, status=status, offering_id=offering_id, cursor=cursor, limit=limit
    )


@router.post(
    "/auctions",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        *SIGNED, PartyNotReviewed, errors.OfferingNotForAuction, errors.TermsOutOfBounds, Conflict, *AGAIN
    ),
)
async def create_auction(
    body: AuctionIn, actor: Seller, session: Session, clock: ClockDep, response: Response
) -> AuctionOut:
    """Draft the sale of an offering that goes to auction. Only its seller, once its review is passed."""
    row = await actions.create_auction(
        session, clock, actor=actor, offering_id=body.offering_id, terms=body.terms
    )
    response.headers["Location"] = f"/v1/auctions/{row.id}"
    return await shown(session, actor, row.id, response)


@router.get("/auctions/{id}", responses=refusals(NotFound))
async def read_auction(
    auction_id: AuctionId, session: Session, actor: OptionalActor, response: Response
) -> AuctionOut:
    """One sale as it stands. Follow it from its `seq` on the stream."""
    return await shown(session, actor, auction_id, response)


@router.patch(
    "/auctions/{id}",
    dependencies=[Idempotent],
    responses=refusals(*VERSIONED, PartyNotReviewed, errors.TermsPinned, errors.TermsOutOfBounds, *AGAIN),
)
async def change_auction(
    *,
    auction_id: AuctionId,
    body: AuctionPatch,
    actor: Seller,
    expected: IfMatch,
    session: Session,
    response: Response,
) -> AuctionOut:
    """Give a draft other terms. A published notice pins them."""
    await actions.change_terms(
        session, actor=actor, auction_id=auction_id, terms=body.terms, expected=expected
    )
    return await shown(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/notice",
    dependencies=[Idempotent],
    responses=refusals(
        *VERSIONED,
        errors.TermsOutOfBounds,
        errors.TimetableTooFar,
        errors.TimetableOutOfOrder,
        errors.NoticeTooShort,
        errors.StatutoryNoticeTooShort,
        errors.DepositDueTooLate,
        LotOfSession,
        bundles.BundleUnallocated,
        bundles.BundleNotAgreed,
        CustodyIncomplete,
        CustodyNotIndependent,
        ReauctionTooLate,
        HolderNotTold,
        HoldersLeftOut,
    ),
)
async def publish_notice(
    *,
    auction_id: AuctionId,
    body: NoticeIn,
    actor: Operator,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AuctionOut:
    """Publish the notice: terms and timetable are pinned, the sale runs by itself from here."""
    await actions.publish_notice(
        session, clock, actor=actor, auction_id=auction_id, notice_in=body, expected=expected
    )
    return await shown(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/readiness",
    dependencies=[Idempotent],
    responses=refusals(*STAGED, errors.ReadyTooEarly, RehearsalMissing, LotOfSession),
)
async def mark_ready(
    auction_id: AuctionId, actor: Cashier, session: Session, clock: ClockDep, response: Response
) -> AuctionOut:
    """Finance signs “保证金对账完成”. Without it the sale does not start; after the announced start, it is postponed."""
    await actions.mark_ready(session, clock, actor=actor, auction_id=auction_id)
    return await shown(session, actor, auction_id, response)


@router.get("/auctions/{id}/events", responses=refusals(NotFound, CursorInvalid))
async def list_auction_events(
    auction_id: AuctionId, session: Session, actor: OptionalActor, cursor: Cursor = None, limit: Limit = 100
) -> EventPage:
    """The public events of a sale in their order: what its stream tells, for those who come later."""
    return await queries.list_events(session, actor=actor, auction_id=auction_id, cursor=cursor, limit=limit)


@router.post("/auctions/{id}/suspension", dependencies=[Idempotent], responses=refusals(*STAGED))
async def suspend_auction(
    *,
    auction_id: AuctionId,
    body: SuspendIn,
    actor: Operator,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AuctionOut:
    """Interrupt a sale. No If-Match: an operator must be able to stop a sale while bids change its version."""
    await actions.suspend(session, clock, actor=actor, auction_id=auction_id, asked=body)
    return await shown(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/resumption",
    dependencies=[Idempotent],
    responses=refusals(*STAGED, errors.NotSuspended),
)
async def resume_auction(
    *,
    auction_id: AuctionId,
    body: ResumeIn,
    actor: Operator,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AuctionOut:
    """Continue a suspended sale. Bidders get back what was left, and at least a full window."""
    await actions.resume(session, clock, actor=actor, auction_id=auction_id, asked=body)
    return await shown(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/cancellation",
    dependencies=[Idempotent],
    responses=refusals(*STAGED, errors.WithdrawalAfterStart, errors.StatutoryWithdrawalAfterStart),
)
async def cancel_auction(
    *,
    auction_id: AuctionId,
    body: CancelIn,
    actor: Operator,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AuctionOut:
    """End a sale without a winner, by a named paper. Every deposit is released."""
    await actions.cancel(session, clock, actor=actor, auction_id=auction_id, asked=body)
    return await shown(session, actor, auction_id, response)
