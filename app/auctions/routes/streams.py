"""Following a sale live."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.responses import StreamingResponse

from app.auctions import queries
from app.auctions.live import Lives
from app.auctions.routes.wiring import AuctionId
from app.http import sse
from app.http.problems import refusals
from app.http.session import database
from app.http.watching import Watching
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
            "(`HeartbeatOut`) every 5 s. Events that come too fast to be told to all who watch are left out, with a "
            "`skipped` (`SkippedOut`, id = `last_seq`) in their place and the latest one after it; they are on record, "
            "and `Last-Event-ID: first_seq - 1` gives them.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **refusals(NotFound, sse.LastEventIdMalformed, sse.TooManyStreams),
    },
)
async def auction_stream(
    request: Request, auction_id: AuctionId, last_event_id: LastEventId = None
) -> Watching:
    """Follow one sale live, from any `seq`. Bidder codes only. No database connection is held while waiting."""
    async with database(request).session() as session:
        await queries.visible_row(session, None, auction_id)
    return Watching(request, _lives(request).tail(auction_id), sse.last_event_id(request))


def _lives(request: Request) -> Lives:
    """The watched sales of this process; made for the first watcher."""
    state = request.app.state
    if not hasattr(state, "lives"):
        state.lives = Lives(state.broadcaster, database(request), state.hub)
    found: Lives = state.lives
    return found
