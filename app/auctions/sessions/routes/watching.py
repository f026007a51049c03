"""Following a session live. No database connection is held while waiting."""

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from app.auctions.sessions import queries
from app.auctions.sessions.edge import SessionId
from app.auctions.sessions.live import Boards
from app.http import sse
from app.http.problems import refusals
from app.http.session import database
from app.http.watching import Watching
from app.kit.errors import NotFound

router = APIRouter(prefix="/v1", tags=["sessions"])


@router.get(
    "/sessions/{id}/stream",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events: `session`, the whole board (`SaleSessionOut`), whenever it has changed; a "
            "`heartbeat` (`HeartbeatOut`) every 5 s. Every fact of a lot is on the lot's own stream.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **refusals(NotFound, sse.TooManyStreams),
    },
)
async def sale_session_stream(request: Request, session_id: SessionId) -> Watching:
    """Follow a session as a big screen does: the board as it stands, and again whenever it has changed. No login."""
    async with database(request).session() as session:
        await queries.visible_row(session, None, session_id)
    return Watching(request, _boards(request).board(session_id), place=0)


def _boards(request: Request) -> Boards:
    """The watched sessions of this process; made for the first watcher."""
    state = request.app.state
    if not hasattr(state, "boards"):
        state.boards = Boards(state.broadcaster, database(request), state.hub)
    found: Boards = state.boards
    return found
