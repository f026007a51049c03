"""Identities and secret reserves: refused to everybody before the close, and every question is kept.

A refusal here is answered, not raised: what is raised is rolled back, and the record of the question must stay.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.evidence import actions, errors, queries
from app.evidence.rules.secrets import Secret
from app.evidence.schemas import IdentitiesOut, ReserveOut, SecretReadPage
from app.http.problems import problem, refusals
from app.http.session import Session, TransactionalRoute
from app.identity.access import Actor, SignedIn, require
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import NotFound, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["evidence"])

AuctionId = Annotated[UUID, Path(alias="id", description="The auction.")]
Overseer = Annotated[Actor, Depends(require(Permission.READ_ALL))]


@router.get(
    "/auctions/{id}/identities",
    response_model=IdentitiesOut,
    responses=refusals(Unauthenticated, NotFound, errors.IdentitiesSealed, errors.NotForYou),
)
async def read_identities(
    auction_id: AuctionId, actor: SignedIn, session: Session, request: Request
) -> IdentitiesOut | Response:
    """Who stood behind which code: after the close, for the seller, the market's staff and its overseers. Logged."""
    row, refusal = await actions.ask_for(session, actor=actor, auction_id=auction_id, what=Secret.IDENTITIES)
    if refusal is not None:
        return problem(request, refusal)
    return await queries.identities(session, row)


@router.get(
    "/auctions/{id}/reserve",
    response_model=ReserveOut,
    responses=refusals(
        Unauthenticated, NotFound, errors.ReserveSealed, errors.NotForYou, errors.ReserveAbsent
    ),
)
async def read_reserve(
    auction_id: AuctionId, actor: SignedIn, session: Session, request: Request
) -> ReserveOut | Response:
    """The secret reserve: after the close, for the seller and the overseers. Logged."""
    row, refusal = await actions.ask_for(session, actor=actor, auction_id=auction_id, what=Secret.RESERVE)
    if refusal is not None:
        return problem(request, refusal)
    return await queries.reserve(session, row)


@router.get("/secret-reads", responses=refusals(Unauthenticated, PermissionMissing, CursorInvalid))
async def list_secret_reads(
    *,
    actor: Overseer,
    session: Session,
    auction_id: Annotated[UUID | None, Query()] = None,
    cursor: Annotated[
        str | None, Query(max_length=1_000, description="`next_cursor` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Entries of a page.")] = 50,
) -> SecretReadPage:
    """Who asked for identities or reserves, when, and what he was answered: the latest first."""
    return await queries.secret_reads(session, actor=actor, auction_id=auction_id, cursor=cursor, limit=limit)
