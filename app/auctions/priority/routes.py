"""`/v1/auctions/{id}/priority`: a holder's answer after the close."""

from fastapi import APIRouter, Response

from app.auctions import errors
from app.auctions.priority import actions
from app.auctions.priority.schemas import AnswerIn
from app.auctions.routes.wiring import SIGNED, AuctionId, Bidder, shown
from app.auctions.schemas import AuctionOut
from app.http.idempotency import IdempotencyKeyMissing
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import IdempotencyRequired
from app.identity.errors import PartyNotReviewed

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["auctions"])


@router.post(
    "/auctions/{id}/priority",
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *SIGNED,
        PartyNotReviewed,
        IdempotencyKeyMissing,
        errors.PriorityRefused,
        errors.PriorityAnswered,
        errors.SellerMayNotBid,
        errors.BidderNotRegistered,
        errors.BidderNotQualified,
        errors.BidderBarred,
        errors.NotTheAgent,
        errors.BidderDepositNotHeld,
        errors.NoUnitFree,
        errors.MandateExceeded,
    ),
)
async def answer_priority(
    auction_id: AuctionId,
    body: AnswerIn,
    actor: Bidder,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AuctionOut:
    """Take the lot at the price found, or give one's right of first refusal up. An answer stands."""
    await actions.answer_priority(session, clock, actor=actor, auction_id=auction_id, exercise=body.exercise)
    return await shown(session, actor, auction_id, response)
