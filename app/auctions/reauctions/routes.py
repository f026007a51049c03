"""`/v1/auctions/{id}/reauction`: the same lot once more."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from app.auctions import queries
from app.auctions.errors import OfferingNotForAuction, TermsOutOfBounds
from app.auctions.reauctions import actions, errors
from app.auctions.reauctions.schemas import ReauctionIn
from app.auctions.schemas import AuctionOut
from app.http.etags import etag
from app.http.idempotency import IdempotencyKeyReused
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, require
from app.identity.errors import PartyNotReviewed, PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Busy, Conflict, NotFound, Unauthenticated
from app.markets.errors import AchievementNotRegistered, AchievementSecret, OfferingStage

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["auctions"])

AuctionId = Annotated[UUID, Path(alias="id", description="The auction that is repeated.")]
Seller = Annotated[Actor, Depends(require(Permission.OFFERING_WRITE, reviewed=True))]


@router.post(
    "/auctions/{id}/reauction",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        Unauthenticated,
        PermissionMissing,
        PartyNotReviewed,
        NotFound,
        IdempotencyKeyReused,
        Busy,
        Conflict,
        errors.LotNotFree,
        errors.ReauctionCalledBefore,
        errors.ReauctionsUsedUp,
        errors.ReauctionTooLate,
        errors.ReauctionPriceOutOfBounds,
        errors.ReauctionTermsChanged,
        errors.ReauctionDecisionMissing,
        OfferingNotForAuction,
        OfferingStage,
        TermsOutOfBounds,
        AchievementNotRegistered,
        AchievementSecret,
    ),
)
async def call_reauction(
    auction_id: AuctionId,
    body: ReauctionIn,
    actor: Seller,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> AuctionOut:
    """Draft the re-auction of one's own lot that passed in, or whose buyer defaulted. A full notice follows again."""
    row = await actions.call_reauction(session, clock, actor=actor, auction_id=auction_id, asked=body)
    response.headers["Location"] = f"/v1/auctions/{row.id}"
    shown = await queries.read_auction(session, actor=actor, auction_id=row.id)
    etag(response, shown.version)
    return shown
