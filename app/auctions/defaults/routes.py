"""`/v1/auctions/{id}/default`: the buyer did not keep to it 悔拍."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from app.auctions.defaults import actions, errors, queries
from app.auctions.defaults.schemas import DefaultIn, DefaultOut, DefaultRefusalIn, DispositionIn
from app.auctions.errors import OperatorIsSeller
from app.http.etags import EtagMalformed, IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, IdempotencyRequired, SignedIn, require
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Busy, NotFound, Refusal, Stale, Unauthenticated
from app.markets.errors import AwardWasConcluded, AwardWasRescinded
from app.settlement.dispositions.errors import DepositNotForfeited, DisposedBefore
from app.settlement.dispositions.queries import disposition_out
from app.settlement.dispositions.schemas import DispositionOut
from app.settlement.errors import DepositEnded, DepositNotFound, DepositNotHeld

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["auctions"])

AuctionId = Annotated[UUID, Path(alias="id", description="The auction.")]
Operator = Annotated[Actor, Depends(require(Permission.AUCTION_MANAGE))]
Cashier = Annotated[Actor, Depends(require(Permission.REFUND_ORDER))]

_SIGNED: tuple[type[Refusal], ...] = (
    Unauthenticated,
    PermissionMissing,
    NotFound,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    Busy,
    OperatorIsSeller,
)
_DECIDED: tuple[type[Refusal], ...] = (
    *_SIGNED,
    errors.DefaultNotFound,
    errors.DefaultNeedsSecondPerson,
    errors.DefaultDecided,
    Stale,
    PreconditionRequired,
    EtagMalformed,
)


@router.get(
    "/auctions/{id}/default", responses=refusals(Unauthenticated, Busy, NotFound, errors.DefaultNotFound)
)
async def read_default(
    auction_id: AuctionId, actor: SignedIn, session: Session, response: Response
) -> DefaultOut:
    """The finding of default about a sale: for staff of its region; for the two sides once it is confirmed."""
    return await _answer(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/default",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *_SIGNED,
        errors.NothingAwarded,
        errors.DefaultTooEarly,
        errors.DefaultFoundBefore,
        AwardWasConcluded,
        AwardWasRescinded,
    ),
)
async def propose_default(
    auction_id: AuctionId,
    body: DefaultIn,
    actor: Operator,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DefaultOut:
    """Propose to find the buyer in default, by a paper. A second person confirms; until then nothing changes."""
    await actions.propose_default(session, clock, actor=actor, auction_id=auction_id, asked=body)
    response.headers["Location"] = f"/v1/auctions/{auction_id}/default"
    return await _answer(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/default/confirmation",
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *_DECIDED,
        AwardWasConcluded,
        AwardWasRescinded,
        DepositNotFound,
        DepositNotHeld,
        DepositEnded,
    ),
)
async def confirm_default(
    *,
    auction_id: AuctionId,
    actor: Operator,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DefaultOut:
    """Confirm as the second person: award rescinded, deposit forfeited, credit record noted, in one commit."""
    await actions.confirm_default(session, clock, actor=actor, auction_id=auction_id, expected=expected)
    return await _answer(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/default/refusal",
    dependencies=[IdempotencyRequired],
    responses=refusals(*_DECIDED),
)
async def refuse_default(
    *,
    auction_id: AuctionId,
    body: DefaultRefusalIn,
    actor: Operator,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DefaultOut:
    """Send the proposal back as the second person: the award stands."""
    await actions.refuse_default(
        session, clock, actor=actor, auction_id=auction_id, expected=expected, reason=body.reason
    )
    return await _answer(session, actor, auction_id, response)


@router.post(
    "/auctions/{id}/default/disposition",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(
        *_SIGNED,
        errors.DefaultNotFound,
        errors.NoDepositForfeited,
        errors.ReauctionMayFollow,
        DepositNotFound,
        DepositNotForfeited,
        DisposedBefore,
    ),
)
async def propose_disposition(
    auction_id: AuctionId,
    body: DispositionIn,
    actor: Cashier,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DispositionOut:
    """Propose how the forfeited deposit is used up: costs of the sale, shortfall of the re-auction, the seller.

    Another finance person confirms it at `/v1/deposit-dispositions/{id}/confirmation`.
    """
    row = await actions.propose_disposition(session, clock, actor=actor, auction_id=auction_id, asked=body)
    response.headers["Location"] = f"/v1/deposit-dispositions/{row.id}"
    etag(response, row.version)
    return disposition_out(row)


async def _answer(session: Session, actor: Actor, auction_id: UUID, response: Response) -> DefaultOut:
    told = await queries.read_default(session, actor=actor, auction_id=auction_id)
    etag(response, told.version)
    return told
