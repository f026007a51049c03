"""Following a sale live."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.responses import StreamingResponse

from app.auctions import queries
from app.auctions.live import Lives
from app.auctions.routes.wiring import AuctionId
from app.http import sse
from app.http.problems import refusals
from app.http.session import database
from app.kit.errors import NotFound

router = APIRouter(prefix="/v1", tags=["auctions"])

LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID", description="The `seq` after which to resume; absent: from the first event."
    ),
]


@router.get(
    "/auctions/{id}/stream",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events named by their kind, data as `EventOut`, id = `seq`; a `heartbeat` "
            "(`HeartbeatOut`) every 5 s.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **refusals(NotFound, sse.LastEventIdMalformed, sse.TooManyStreams),
    },
)
async def auction_stream(
    request: Request, auction_id: AuctionId, last_event_id: LastEventId = None
) -> StreamingResponse:
    """Follow one sale live, from any `seq`. Bidder codes only. No database connection is held while waiting."""
    async with database(request).session() as session:
        await queries.visible_row(session, None, auction_id)
    place, lives = [sse.last_event_id(request)], _lives(request)

    def frames() -> AsyncIterator[bytes]:
        return lives.frames(auction_id, place)

    async def heartbeat() -> bytes:
        return await lives.heartbeat(place)

    async def still_allowed() -> bool:
        return True

    return sse.stream(request, frames=frames, heartbeat=heartbeat, still_allowed=still_allowed)


def _lives(request: Request) -> Lives:
    """The watched sales of this process; made for the first watcher."""
    state = request.app.state
    if not hasattr(state, "lives"):
        state.lives = Lives(database(request), state.hub)
    found: Lives = state.lives
    return found
