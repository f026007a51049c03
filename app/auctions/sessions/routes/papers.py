"""What a session has printed: the minutes, and the door's sheet. Type is set outside of any transaction."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from app.auctions.sessions import errors, minutes, queries
from app.auctions.sessions.edge import SIGNED, Clerk, SessionId
from app.auctions.sessions.schemas import MinutesOut, PaddleSheetOut
from app.http.problems import refusals
from app.http.session import Session, TransactionalRoute, database
from app.identity.access import ShownCredential, SignedIn, authenticate
from app.kit.errors import NotFound, Unauthenticated
from app.papers import pdf

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["sessions"])
printing = APIRouter(prefix="/v1", tags=["sessions"])

_PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paper, PDF/A-2b.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/sessions/{id}/paddles", responses=refusals(*SIGNED, errors.NotTheAuctioneer))
async def read_paddle_sheet(session_id: SessionId, actor: Clerk, session: Session) -> PaddleSheetOut:
    """The door's sheet: which paddle is whose, who handed it out, when. Every read is written down."""
    return await queries.paddle_sheet(session, actor=actor, session_id=session_id)


@router.get("/sessions/{id}/minutes", responses=refusals(Unauthenticated, NotFound))
async def read_session_minutes(session_id: SessionId, actor: SignedIn, session: Session) -> MinutesOut:
    """The minutes 拍卖笔录 of the lots that have left the block: for who conducts the session, and the market's staff."""
    return await queries.minutes_of(session, actor=actor, session_id=session_id)


@printing.get(
    "/sessions/{id}/minutes.pdf",
    response_class=Response,
    responses={**_PDF, **refusals(Unauthenticated, NotFound)},
)
async def print_session_minutes(request: Request, session_id: SessionId, shown: ShownCredential) -> Response:
    """The minutes as a paper with lines for auctioneer, recorder and buyers to sign."""
    async with database(request).session() as session:
        actor = await authenticate(session, shown)
        told = await queries.minutes_of(session, actor=actor, session_id=session_id)
    closed = [lot.closed_at for lot in told.records if lot.closed_at is not None]
    dated = told.ended_at or max(closed, default=told.started_at or told.starts_at)
    return await _printed(minutes.paper(told), dated, f"{told.number}-minutes")


@printing.get(
    "/sessions/{id}/paddles.pdf",
    response_class=Response,
    responses={**_PDF, **refusals(*SIGNED, errors.NotTheAuctioneer)},
)
async def print_paddle_sheet(request: Request, session_id: SessionId, shown: ShownCredential) -> Response:
    """The door's sheet as a paper: paddles, whose they are, a line to sign for each. The read is written down."""
    async with database(request).transaction() as session:
        actor = await authenticate(session, shown)
        told = await queries.paddle_sheet(session, actor=actor, session_id=session_id)
    return await _printed(minutes.sheet(told), told.starts_at, f"{told.number}-paddles")


async def _printed(data: dict[str, Any], dated: datetime, name: str) -> Response:
    paper = await asyncio.to_thread(pdf, "record", data, dated)
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(paper, media_type="application/pdf", headers=headers)
