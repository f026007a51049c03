"""`/v1/sessions`: drafted, listed, announced, signed off."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.auctions import errors as sales
from app.auctions.schemas import NoticeIn
from app.auctions.sessions import actions, errors, queries
from app.auctions.sessions.edge import (
    STAGED,
    VERSIONED,
    Cashier,
    Cursor,
    Limit,
    Operator,
    SessionId,
)
from app.auctions.sessions.schemas import LotsIn, SaleSessionIn, SaleSessionOut, SaleSessionPage
from app.auctions.sessions.states import SessionStatus
from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, OptionalActor
from app.kit.errors import NotFound
from app.kit.paging import CursorInvalid
from app.markets.bundles import errors as bundles

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["sessions"])


@router.get("/sessions", responses=refusals(CursorInvalid))
async def list_sale_sessions(
    session: Session,
    actor: OptionalActor,
    status: Annotated[SessionStatus | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> SaleSessionPage:
    """Sessions, the latest start first."""
    return await queries.list_sessions(session, actor=actor, status=status, cursor=cursor, limit=limit)


@router.post(
    "/sessions",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*STAGED, errors.SessionUnfit, errors.AuctioneerUnfit),
)
async def create_sale_session(
    body: SaleSessionIn, actor: Operator, session: Session, clock: ClockDep, response: Response
) -> SaleSessionOut:
    """Draft a session."""
    row = await actions.create_session(session, clock, actor=actor, body=body)
    response.headers["Location"] = f"/v1/sessions/{row.id}"
    return await _shown(session, actor, row.id, response)


@router.get("/sessions/{id}", responses=refusals(NotFound))
async def read_sale_session(
    session_id: SessionId, session: Session, actor: OptionalActor, response: Response
) -> SaleSessionOut:
    """One session with its lots on one clock: what a big screen shows. Needs no login once the notice is out."""
    return await _shown(session, actor, session_id, response)


@router.put(
    "/sessions/{id}",
    dependencies=[Idempotent],
    responses=refusals(*VERSIONED, errors.SessionUnfit, errors.AuctioneerUnfit),
)
async def change_sale_session(
    session_id: SessionId,
    body: SaleSessionIn,
    actor: Operator,
    expected: IfMatch,
    session: Session,
    response: Response,
) -> SaleSessionOut:
    """Write a draft anew. The notice pins it."""
    await actions.change_session(session, actor=actor, session_id=session_id, expected=expected, body=body)
    return await _shown(session, actor, session_id, response)


@router.put(
    "/sessions/{id}/lots",
    dependencies=[Idempotent],
    responses=refusals(*VERSIONED, errors.SessionLotUnfit),
)
async def put_session_lots(
    session_id: SessionId,
    body: LotsIn,
    actor: Operator,
    expected: IfMatch,
    session: Session,
    response: Response,
) -> SaleSessionOut:
    """List the lots in brochure order: draft auctions of the session's profile that are in no other session."""
    await actions.put_lots(
        session, actor=actor, session_id=session_id, expected=expected, auction_ids=body.auction_ids
    )
    return await _shown(session, actor, session_id, response)


@router.post(
    "/sessions/{id}/notice",
    dependencies=[Idempotent],
    responses=refusals(
        *VERSIONED,
        errors.SessionUnfit,
        errors.SessionEmpty,
        errors.SessionHours,
        errors.AuctioneerUnfit,
        errors.SessionLotUnfit,
        sales.TermsOutOfBounds,
        sales.NoticeRefused,
        bundles.BundleUnallocated,
        bundles.BundleNotAgreed,
    ),
)
async def publish_session_notice(
    session_id: SessionId,
    body: NoticeIn,
    actor: Operator,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> SaleSessionOut:
    """Publish the notice of the session and of all its lots at once. It starts on a working day, 09:00 to 17:00."""
    await actions.publish_session(
        session, clock, actor=actor, session_id=session_id, expected=expected, notice_in=body
    )
    return await _shown(session, actor, session_id, response)


@router.post(
    "/sessions/{id}/readiness",
    dependencies=[Idempotent],
    responses=refusals(*STAGED, sales.ReadyTooEarly, errors.PaddlesUsedUp),
)
async def mark_session_ready(
    session_id: SessionId, actor: Cashier, session: Session, clock: ClockDep, response: Response
) -> SaleSessionOut:
    """Finance signs “保证金对账完成” for all lots that wait for it; paddle numbers are drawn at random."""
    await actions.mark_session_ready(session, clock, actor=actor, session_id=session_id)
    return await _shown(session, actor, session_id, response)


async def _shown(
    session: Session, actor: Actor | None, session_id: UUID, response: Response
) -> SaleSessionOut:
    await session.flush()
    shown = await queries.read_session(session, actor=actor, session_id=session_id)
    etag(response, shown.version)
    return shown
