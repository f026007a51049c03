"""Bids, maxima left with the market, and the caller's own standing."""

from fastapi import APIRouter, Request, Response

from app.auctions import actions, door, errors, queries, shapes
from app.auctions.errors.sealed import EnvelopesOnly
from app.auctions.routes.wiring import (
    SIGNED,
    AuctionId,
    Bidder,
    Cursor,
    Limit,
)
from app.auctions.schemas import (
    BidIn,
    BidOut,
    BidPage,
    OwnProxyOut,
    ProxyIn,
    ProxyOut,
    StandingOut,
)
from app.auctions.writer import BidQueueFull
from app.http.idempotency import IdempotencyKeyMissing
from app.http.problems import refusals
from app.http.session import ClockDep, QueuedRoute, Session, TransactionalRoute
from app.identity.access import IdempotencyRequired, Idempotent, OptionalActor, SignedIn
from app.identity.errors import PartyNotReviewed
from app.kit.errors import NotFound, Unauthenticated
from app.kit.paging import CursorInvalid

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["auctions"])
queued = APIRouter(prefix="/v1", route_class=QueuedRoute, tags=["auctions"])


@router.get("/auctions/{id}/bids", responses=refusals(NotFound, CursorInvalid))
async def list_bids(
    auction_id: AuctionId, session: Session, actor: OptionalActor, cursor: Cursor = None, limit: Limit = 50
) -> BidPage:
    """Every accepted bid under its bidder's code, the latest first."""
    return await queries.list_bids(session, actor=actor, auction_id=auction_id, cursor=cursor, limit=limit)


@queued.post(
    "/auctions/{id}/bids",
    status_code=201,
    response_model=BidOut,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *SIGNED,
        PartyNotReviewed,
        IdempotencyKeyMissing,
        BidQueueFull,
        errors.AuctionCancelled,
        errors.BiddingSuspended,
        errors.BiddingNotStarted,
        errors.BiddingEnded,
        errors.SellerMayNotBid,
        errors.BidderNotRegistered,
        errors.BidderNotQualified,
        errors.BidderDepositNotHeld,
        errors.AlreadyHighest,
        errors.RoyaltyAboveWhole,
        errors.BidBelowStart,
        errors.BidNotAboveCurrent,
        errors.BidOffLadder,
        errors.BidAboveJumpCap,
        errors.BidderBarred,
        errors.NotTheAgent,
        errors.MandateExceeded,
        errors.NoUnitFree,
        errors.BidJumpUnconfirmed,
        EnvelopesOnly,
    ),
)
async def place_bid(auction_id: AuctionId, body: BidIn, actor: Bidder, request: Request) -> Response:
    """Place a bid. It counts if the market's time, read once its turn has come, is before the end.

    A bid cannot be withdrawn. Refusals come in a fixed order, one at a time. Bids wait in a queue and are written
    together; the answer comes once the bid is durable.
    """
    asked = await door.asked_of(request, auction_id=auction_id, bid=body, actor=actor)
    return door.response(await door.place(request.app.state.writer, asked))


@router.put(
    "/auctions/{id}/proxy",
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *SIGNED,
        PartyNotReviewed,
        IdempotencyKeyMissing,
        errors.ProxyNotAllowed,
        errors.AuctionCancelled,
        errors.BiddingSuspended,
        errors.BiddingEnded,
        errors.ProxyTooEarly,
        errors.SellerMayNotBid,
        errors.BidderNotRegistered,
        errors.BidderNotQualified,
        errors.BidderBarred,
        errors.NotTheAgent,
        errors.MandateExceeded,
        errors.BidderDepositNotHeld,
        errors.NoUnitFree,
        errors.RoyaltyAboveWhole,
        errors.ProxyBelowNext,
    ),
)
async def set_proxy(
    auction_id: AuctionId, body: ProxyIn, actor: Bidder, session: Session, clock: ClockDep
) -> ProxyOut:
    """Leave a maximum, or change it. It bids by the written rule, no further than it must, and is shown to nobody else."""
    proxy = await actions.set_proxy(session, clock, actor=actor, auction_id=auction_id, maximum=body.maximum)
    return shapes.proxy_out(proxy)


@router.get("/auctions/{id}/proxy", responses=refusals(Unauthenticated, NotFound))
async def read_proxy(auction_id: AuctionId, actor: SignedIn, session: Session) -> OwnProxyOut:
    """The caller's own maximum in force."""
    return await queries.own_proxy(session, actor=actor, auction_id=auction_id)


@router.delete(
    "/auctions/{id}/proxy",
    status_code=204,
    dependencies=[Idempotent],
    responses=refusals(
        *SIGNED,
        PartyNotReviewed,
        errors.ProxyAbsent,
        errors.SellerMayNotBid,
        errors.BidderNotRegistered,
        errors.BidderNotQualified,
        errors.BidderBarred,
        errors.NotTheAgent,
        errors.MandateExceeded,
        errors.BidderDepositNotHeld,
        errors.NoUnitFree,
    ),
)
async def cancel_proxy(auction_id: AuctionId, actor: Bidder, session: Session, clock: ClockDep) -> None:
    """Take the maximum back. What it has bid stands."""
    await actions.cancel_proxy(session, clock, actor=actor, auction_id=auction_id)


@router.get("/auctions/{id}/me", responses=refusals(Unauthenticated, NotFound))
async def read_standing(auction_id: AuctionId, actor: SignedIn, session: Session) -> StandingOut:
    """What the caller's own organisation is in this sale: its code, its deposit, whether it leads."""
    return await queries.standing(session, actor=actor, auction_id=auction_id)
