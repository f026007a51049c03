"""Bids, maxima left with the market, and the caller's own standing."""

from fastapi import APIRouter

from app.auctions import actions, errors, queries, shapes
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
from app.http.idempotency import IdempotencyKeyMissing
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import IdempotencyRequired, Idempotent, OptionalActor, SignedIn
from app.identity.errors import PartyNotReviewed
from app.kit.errors import NotFound, Unauthenticated
from app.kit.paging import CursorInvalid

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["auctions"])


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
        *SIGNED,
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
        errors.BidderBarred,
        errors.NoUnitFree,
        errors.BidJumpUnconfirmed,
        EnvelopesOnly,
    ),
)
async def place_bid(
    auction_id: AuctionId, body: BidIn, actor: Bidder, session: Session, clock: ClockDep
) -> BidOut:
    """Place a bid. It counts if the market's time, read once its turn has come, is before the end.

    A bid cannot be withdrawn. Refusals come in a fixed order, one at a time.
    """
    placed = await actions.place_bid(
        session, clock, actor=actor, auction_id=auction_id, amount=body.amount, confirmed=body.confirm_jump
    )
    return queries.bid_out(placed.row, placed.bid, placed.digest)


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
        errors.BidderDepositNotHeld,
        errors.NoUnitFree,
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
