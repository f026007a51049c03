"""What the paths of auctions share: who may call them, what every one of them may refuse."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Response

from app.auctions import errors, queries
from app.auctions.reauctions.errors import (
    ReauctionDecisionMissing,
    ReauctionPriceOutOfBounds,
    ReauctionTermsChanged,
)
from app.auctions.schemas import AuctionOut
from app.http.etags import EtagMalformed, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyReused
from app.http.session import Session
from app.identity.access import Actor, require
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Busy, NotFound, Refusal, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX
from app.kit.states import IllegalTransition

AuctionId = Annotated[UUID, Path(alias="id", description="The auction.")]
Cursor = Annotated[str | None, Query(max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]

Seller = Annotated[Actor, Depends(require(Permission.OFFERING_WRITE, reviewed=True))]
Operator = Annotated[Actor, Depends(require(Permission.AUCTION_MANAGE))]
Cashier = Annotated[Actor, Depends(require(Permission.ARRIVAL_CONFIRM))]
Bidder = Annotated[Actor, Depends(require(Permission.BID, reviewed=True))]

SIGNED: tuple[type[Refusal], ...] = (
    Unauthenticated,
    PermissionMissing,
    NotFound,
    IdempotencyKeyReused,
    Busy,
)
STAGED: tuple[type[Refusal], ...] = (
    *SIGNED,
    errors.StageRefused,
    errors.OperatorIsSeller,
    IllegalTransition,
)
VERSIONED: tuple[type[Refusal], ...] = (*STAGED, Stale, PreconditionRequired, EtagMalformed)


AGAIN: tuple[type[Refusal], ...] = (
    ReauctionPriceOutOfBounds,
    ReauctionTermsChanged,
    ReauctionDecisionMissing,
)
"""What the terms of a re-auction may meet."""


async def shown(session: Session, actor: Actor | None, auction_id: UUID, response: Response) -> AuctionOut:
    """The sale as it stands now, with its ETag."""
    told = await queries.read_auction(session, actor=actor, auction_id=auction_id)
    etag(response, told.version)
    return told
