"""`/v1/auctions`: announce, register elsewhere, bid here, watch."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from app.auctions import actions, errors, queries
from app.auctions.live import Lives
from app.auctions.schemas import (
    AuctionIn,
    AuctionOut,
    AuctionPage,
    AuctionPatch,
    BidIn,
    BidOut,
    BidPage,
    CancelIn,
    EventPage,
    NoticeIn,
    ResumeIn,
    StandingOut,
    StatusFilter,
    SuspendIn,
)
from app.http import sse
from app.http.etags import EtagMalformed, IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute, database
from app.identity.access import (
    Actor,
    IdempotencyRequired,
    Idempotent,
    OptionalActor,
    SignedIn,
    require,
)
from app.identity.errors import PartyNotReviewed, PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Busy, Conflict, NotFound, Refusal, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.kit.states import IllegalTransition

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["auctions"])
streams = APIRouter(prefix="/v1", tags=["auctions"])

AuctionId = Annotated[UUID, Path(alias="id", description="The auction.")]
Cursor = Annotated[str | None, Query(max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]

Seller = Annotated[Actor, Depends(require(Permission.OFFERING_WRITE, reviewed=True))]
Operator = Annotated[Actor, Depends(require(Permission.AUCTION_MANAGE))]
Cashier = Annotated[Actor, Depends(require(Permission.ARRIVAL_CONFIRM))]
Bidder = Annotated[Actor, Depends(require(Permission.BID, reviewed=True))]

_SIGNED: tuple[type[Refusal], ...] = (
    Unauthenticated,
    PermissionMissing,
    NotFound,
    IdempotencyKeyReused,
    Busy,
)
_STAGED: tuple[type[Refusal], ...] = (
    *_SIGNED,
    errors.StageRefused,
    errors.OperatorIsSeller,
    IllegalTransition,
)
_VERSIONED: tuple[type[Refusal], ...] = (*_STAGED, Stale, PreconditionRequired, EtagMalformed)


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
        *_SIGNED, PartyNotReviewed, errors.OfferingNotForAuction, errors.TermsOutOfBounds, Conflict
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
    return await _shown(session, actor, row.id, response)


@router.get("/auctions/{id}", responses=refusals(NotFound))
async def read_auction(
    auction_id: AuctionId, session: Session, actor: OptionalActor, response: Response
) -> AuctionOut:
    """One sale as it stands. Follow it from its `seq` on the stream."""
    return await _shown(session, actor, auction_id, response)


@router.patch(
    "/auctions/{id}",
    dependencies=[Idempotent],
    responses=refusals(*_VERSIONED, PartyNotReviewed, errors.TermsPinned, errors.TermsOutOfBounds),
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
    return await _shown(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/notice",
    dependencies=[Idempotent],
    responses=refusals(
        *_VERSIONED,
        errors.TermsOutOfBounds,
        errors.TimetableTooFar,
        errors.TimetableOutOfOrder,
        errors.NoticeTooShort,
        errors.StatutoryNoticeTooShort,
        errors.DepositDueTooLate,
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
    return await _shown(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/readiness",
    dependencies=[Idempotent],
    responses=refusals(*_STAGED, errors.ReadyTooEarly),
)
async def mark_ready(
    auction_id: AuctionId, actor: Cashier, session: Session, clock: ClockDep, response: Response
) -> AuctionOut:
    """Finance signs “保证金对账完成”. Without it the sale does not start; after the announced start, it is postponed."""
    await actions.mark_ready(session, clock, actor=actor, auction_id=auction_id)
    return await _shown(session, actor, auction_id, response)


@router.get("/auctions/{id}/bids", responses=refusals(NotFound, CursorInvalid))
async def list_bids(
    auction_id: AuctionId, session: Session, actor: OptionalActor, cursor: Cursor = None, limit: Limit = 50
) -> BidPage:
    """Every accepted bid under its bidder's code, the latest first."""
    return await queries.list_bids(session, actor=actor, auction_id=auction_id, cursor=cursor, limit=limit)


@router.post(
    "/auctions/{id}/bids",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *_SIGNED,
        PartyNotReviewed,
        IdempotencyKeyMissing,
        errors.AuctionCancelled,
        errors.BiddingSuspended,
        errors.BiddingNotStarted,
        errors.BiddingEnded,
        errors.SellerMayNotBid,
        errors.BidderNotRegistered,
        errors.BidderNotQualified,
        errors.BidderDepositNotHeld,
        errors.AlreadyHighest,
        errors.BidBelowStart,
        errors.BidNotAboveCurrent,
        errors.BidOffLadder,
        errors.BidAboveJumpCap,
    ),
)
async def place_bid(
    auction_id: AuctionId, body: BidIn, actor: Bidder, session: Session, clock: ClockDep
) -> BidOut:
    """Place a bid. It counts if the market's time, read once its turn has come, is before the end.

    A bid cannot be withdrawn. Refusals come in a fixed order, one at a time.
    """
    placed = await actions.place_bid(session, clock, actor=actor, auction_id=auction_id, amount=body.amount)
    return queries.bid_out(placed.row, placed.bid, placed.digest)


@router.get("/auctions/{id}/events", responses=refusals(NotFound, CursorInvalid))
async def list_auction_events(
    auction_id: AuctionId, session: Session, actor: OptionalActor, cursor: Cursor = None, limit: Limit = 100
) -> EventPage:
    """The public events of a sale in their order: what its stream tells, for those who come later."""
    return await queries.list_events(session, actor=actor, auction_id=auction_id, cursor=cursor, limit=limit)


@router.get("/auctions/{id}/me", responses=refusals(Unauthenticated, NotFound))
async def read_standing(auction_id: AuctionId, actor: SignedIn, session: Session) -> StandingOut:
    """What the caller's own organisation is in this sale: its code, its deposit, whether it leads."""
    return await queries.standing(session, actor=actor, auction_id=auction_id)


@router.post("/auctions/{id}/suspension", dependencies=[Idempotent], responses=refusals(*_STAGED))
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
    return await _shown(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/resumption",
    dependencies=[Idempotent],
    responses=refusals(*_STAGED, errors.NotSuspended),
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
    return await _shown(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/cancellation",
    dependencies=[Idempotent],
    responses=refusals(*_STAGED, errors.WithdrawalAfterStart, errors.StatutoryWithdrawalAfterStart),
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
    return await _shown(session, actor, auction_id, response)


LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID", description="The `seq` after which to resume; absent: from the first event."
    ),
]


@streams.get(
    "/auctions/{id}/stream",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events named by their kind, data as `EventOut`, id = `seq`; a `heartbeat` "
            "(`HeartbeatOut`) every 5 s.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **refusals(NotFound, sse.LastEventIdMalformed, sse.TooManyStreams),
    },
)
async def auction_stream(
    request: Request, auction_id: AuctionId, last_event_id: LastEventId = None
) -> StreamingResponse:
    """Follow one sale live, from any `seq`. Bidder codes only. No database connection is held while waiting."""
    async with database(request).session() as session:
        await queries.visible_row(session, None, auction_id)
    place, lives = [sse.last_event_id(request)], _lives(request)

    def frames() -> AsyncIterator[bytes]:
        return lives.frames(auction_id, place)

    async def heartbeat() -> bytes:
        return await lives.heartbeat(place)

    async def still_allowed() -> bool:
        return True

    return sse.stream(request, frames=frames, heartbeat=heartbeat, still_allowed=still_allowed)


def _lives(request: Request) -> Lives:
    """The watched sales of this process; made for the first watcher."""
    state = request.app.state
    if not hasattr(state, "lives"):
        state.lives = Lives(database(request), state.hub)
    found: Lives = state.lives
    return found


async def _shown(session: Session, actor: Actor | None, auction_id: UUID, response: Response) -> AuctionOut:
    shown = await queries.read_auction(session, actor=actor, auction_id=auction_id)
    etag(response, shown.version)
    return shown
