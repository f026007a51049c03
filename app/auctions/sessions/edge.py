"""What the routes of sessions share: who may call, what any call may refuse."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query

from app.auctions import errors as sales
from app.auctions.sessions import errors
from app.http.etags import EtagMalformed, PreconditionRequired
from app.http.idempotency import IdempotencyKeyReused
from app.identity.access import Actor, require
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Busy, NotFound, Refusal, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX
from app.kit.states import IllegalTransition

SessionId = Annotated[UUID, Path(alias="id", description="The session.")]
LotId = Annotated[UUID, Path(alias="id", description="The lot: its auction.")]
EntryId = Annotated[UUID, Path(alias="id", description="The registration for a session.")]
Cursor = Annotated[str | None, Query(max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]

Operator = Annotated[Actor, Depends(require(Permission.AUCTION_MANAGE))]
Cashier = Annotated[Actor, Depends(require(Permission.ARRIVAL_CONFIRM))]
Clerk = Annotated[Actor, Depends(require(Permission.REGISTRATION_REVIEW))]
Registrant = Annotated[Actor, Depends(require(Permission.REGISTER_INTENT))]
Conductor = Annotated[Actor, Depends(require(Permission.AUCTION_CONDUCT))]

SIGNED: tuple[type[Refusal], ...] = (
    Unauthenticated,
    PermissionMissing,
    NotFound,
    IdempotencyKeyReused,
    Busy,
)
STAGED: tuple[type[Refusal], ...] = (
    *SIGNED,
    errors.SessionStage,
    sales.StageRefused,
    sales.OperatorIsSeller,
    IllegalTransition,
)
VERSIONED: tuple[type[Refusal], ...] = (*STAGED, Stale, PreconditionRequired, EtagMalformed)
CONDUCTED: tuple[type[Refusal], ...] = (*STAGED, errors.NotTheAuctioneer)
