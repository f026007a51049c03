"""Confirmation records and result notices over HTTP."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.auctions.confirmations import actions, errors, paper, queries
from app.auctions.confirmations.schemas import ConfirmationOut, ConfirmationPage, ResultOut
from app.auctions.errors import OperatorIsSeller
from app.auctions.routes.wiring import AuctionId, Cursor, Limit
from app.db.clock import Clock
from app.http.etags import EtagMalformed, IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute, database
from app.identity.access import (
    IdempotencyRequired,
    ShownCredential,
    SignedIn,
    authenticate,
)
from app.identity.errors import CredentialInvalid
from app.kit.errors import Busy, NotFound, Stale, Unauthenticated
from app.kit.paging import CursorInvalid
from app.papers import pdf

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["auctions"])
papers = APIRouter(prefix="/v1", tags=["auctions"])

ConfirmationId = Annotated[UUID, Path(alias="id", description="The confirmation record.")]


@router.get("/auctions/{id}/result", responses=refusals(NotFound))
async def read_auction_result(auction_id: AuctionId, session: Session) -> ResultOut:
    """The result notice of a sale that has ended: what, price, code. No buyer's identity."""
    return await queries.read_result(session, auction_id=auction_id)


@router.get("/sale-confirmations", responses=refusals(Unauthenticated, Busy, CursorInvalid))
async def list_sale_confirmations(
    *,
    session: Session,
    clock: ClockDep,
    actor: SignedIn,
    auction_id: Annotated[UUID | None, Query()] = None,
    overdue: Annotated[
        bool | None, Query(description="Those not signed by both after their last day.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ConfirmationPage:
    """One's own as a seller or a buyer; for the market's staff their region's. The newest first."""
    return await queries.list_confirmations(
        session, clock, actor=actor, auction_id=auction_id, overdue=overdue, cursor=cursor, limit=limit
    )


@router.get(
    "/sale-confirmations/{id}", responses=refusals(Unauthenticated, Busy, errors.ConfirmationNotFound)
)
async def read_sale_confirmation(
    confirmation_id: ConfirmationId,
    actor: SignedIn,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ConfirmationOut:
    """One confirmation record."""
    told = await queries.read_confirmation(session, clock, actor=actor, confirmation_id=confirmation_id)
    etag(response, told.version)
    return told


@router.post(
    "/sale-confirmations/{id}/signature",
    dependencies=[IdempotencyRequired],
    responses=refusals(
        Unauthenticated,
        Busy,
        IdempotencyKeyMissing,
        IdempotencyKeyReused,
        Stale,
        PreconditionRequired,
        EtagMalformed,
        errors.ConfirmationNotFound,
        errors.ConfirmationVoided,
        errors.SignedBefore,
        errors.OnePersonSignsOnce,
        OperatorIsSeller,
    ),
)
async def sign_sale_confirmation(
    *,
    confirmation_id: ConfirmationId,
    actor: SignedIn,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ConfirmationOut:
    """Sign for one's own side: the buyer who bid, or the market's staff for the organiser."""
    await actions.sign(session, clock, actor=actor, confirmation_id=confirmation_id, expected=expected)
    told = await queries.read_confirmation(session, clock, actor=actor, confirmation_id=confirmation_id)
    etag(response, told.version)
    return told


@papers.get(
    "/sale-confirmations/{id}/pdf",
    response_class=Response,
    responses={
        200: {
            "description": "The record as PDF/A.",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        },
        **refusals(Unauthenticated, CredentialInvalid, errors.ConfirmationNotFound),
    },
)
async def print_sale_confirmation(
    request: Request, confirmation_id: ConfirmationId, shown: ShownCredential
) -> Response:
    """The confirmation record on paper, dated at the close. Printed outside of any transaction."""
    async with database(request).session() as session:
        actor = await authenticate(session, shown)
        told = await queries.read_confirmation(session, Clock(), actor=actor, confirmation_id=confirmation_id)
    printed = await asyncio.to_thread(pdf, "record", paper.content(told), told.knocked_down_at)
    name = f'inline; filename="{told.number}.pdf"'
    return Response(printed, media_type="application/pdf", headers={"Content-Disposition": name})
