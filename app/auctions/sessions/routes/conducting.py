"""The auctioneer's commands on the lot whose turn it is."""

from fastapi import APIRouter

from app.auctions import errors as sales
from app.auctions.queries import bid_out
from app.auctions.schemas import BidOut
from app.auctions.sessions import actions, errors, queries, repository
from app.auctions.sessions.edge import CONDUCTED, Conductor, LotId
from app.auctions.sessions.schemas import CallIn, CorrectionIn, FloorBidIn, LotLine, LotWithdrawalIn
from app.auctions.tables import AuctionRow
from app.http.idempotency import IdempotencyKeyMissing
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import IdempotencyRequired, Idempotent

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["sessions"])


@router.post(
    "/auctions/{id}/opening",
    dependencies=[Idempotent],
    responses=refusals(
        *CONDUCTED,
        errors.LotOutOfOrder,
        errors.LotWaits,
        errors.SessionDayOver,
        sales.LotNotCalledUp,
        sales.LotTooEarly,
    ),
)
async def open_lot(lot_id: LotId, actor: Conductor, session: Session, clock: ClockDep) -> LotLine:
    """Call up the lot whose turn it is, in brochure order. The first one begins the session."""
    return await _shown(session, await actions.open_lot(session, clock, actor=actor, auction_id=lot_id))


@router.post(
    "/auctions/{id}/floor-bids",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *CONDUCTED,
        IdempotencyKeyMissing,
        errors.PaddleUnknown,
        errors.PaddleVoid,
        sales.BidRefused,
        sales.AuctionCancelled,
        sales.BiddingSuspended,
        sales.BiddingNotStarted,
        sales.BiddingEnded,
        sales.SellerMayNotBid,
        sales.BidderNotRegistered,
        sales.BidderNotQualified,
        sales.NoUnitFree,
        sales.AlreadyHighest,
        sales.RoyaltyAboveWhole,
        sales.BidBelowStart,
        sales.BidNotAboveCurrent,
        sales.BidOffLadder,
        sales.BidAboveJumpCap,
        sales.BidJumpUnconfirmed,
    ),
)
async def place_floor_bid(
    lot_id: LotId, body: FloorBidIn, actor: Conductor, session: Session, clock: ClockDep
) -> BidOut:
    """Enter a raised paddle's bid. It is judged as a bid from the web is, under the same lock, in the same order."""
    placed = await actions.floor_bid(session, clock, actor=actor, auction_id=lot_id, body=body)
    return bid_out(placed.row.id, placed.bid, placed.after, placed.digest, placed.receipt)


@router.post(
    "/auctions/{id}/calls",
    dependencies=[Idempotent],
    responses=refusals(
        *CONDUCTED, sales.NotInHall, sales.CallOutOfOrder, sales.CallTooEarly, sales.NothingToKnockDown
    ),
)
async def call_lot(
    lot_id: LotId, body: CallIn, actor: Conductor, session: Session, clock: ClockDep
) -> LotLine:
    """First, second or third call. Bidders online see a countdown; any bid begins the calls again."""
    row = await actions.call(session, clock, actor=actor, auction_id=lot_id, number=body.number)
    return await _shown(session, row)


@router.post(
    "/auctions/{id}/hammer",
    dependencies=[Idempotent],
    responses=refusals(*CONDUCTED, sales.NotInHall, sales.NothingToKnockDown, sales.HammerTooEarly),
)
async def hammer_lot(lot_id: LotId, actor: Conductor, session: Session, clock: ClockDep) -> LotLine:
    """The hammer falls, after the third call and its warning."""
    return await _shown(session, await actions.hammer(session, clock, actor=actor, auction_id=lot_id))


@router.post(
    "/auctions/{id}/passing-in",
    dependencies=[Idempotent],
    responses=refusals(*CONDUCTED, sales.NotInHall, sales.BidStands),
)
async def pass_lot_in(lot_id: LotId, actor: Conductor, session: Session, clock: ClockDep) -> LotLine:
    """Pass the lot in: nobody bids, or not up to the reserve."""
    return await _shown(session, await actions.pass_in(session, clock, actor=actor, auction_id=lot_id))


@router.post(
    "/auctions/{id}/corrections",
    dependencies=[Idempotent],
    responses=refusals(*CONDUCTED, sales.NotInHall, sales.CorrectionTooLate),
)
async def correct_floor_bid(
    lot_id: LotId, body: CorrectionIn, actor: Conductor, session: Session, clock: ClockDep
) -> LotLine:
    """Strike a floor bid that was keyed in wrongly, before a person has bid after it. The mark is public."""
    row = await actions.correct_floor_bid(session, clock, actor=actor, auction_id=lot_id, bid_no=body.bid_no)
    return await _shown(session, row)


@router.post(
    "/auctions/{id}/lot-withdrawal",
    dependencies=[Idempotent],
    responses=refusals(*CONDUCTED, sales.WithdrawalAfterStart, sales.StatutoryWithdrawalAfterStart),
)
async def withdraw_lot(
    lot_id: LotId, body: LotWithdrawalIn, actor: Conductor, session: Session, clock: ClockDep
) -> LotLine:
    """Withdraw a lot by a named paper 撤拍; the session goes on with the next."""
    row = await actions.withdraw_lot(session, clock, actor=actor, auction_id=lot_id, body=body)
    return await _shown(session, row)


async def _shown(session: Session, row: AuctionRow) -> LotLine:
    await session.flush()
    found = await repository.session_of(session, row.id)
    assert found is not None
    return queries.lot_line(found[1], row)
