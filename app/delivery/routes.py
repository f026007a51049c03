"""`GET /v1/stream`: everything that concerns the caller's organisation, resumable, at least once and in order."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.responses import StreamingResponse

from app.db.clock import Clock
from app.delivery import queries
from app.delivery.rules import may_hear
from app.delivery.schemas import OrganisationEvent, OrganisationHeartbeat
from app.events.relay import TOPIC_PLACED
from app.http import sse
from app.http.problems import refusals
from app.http.session import database
from app.hub import Hub
from app.identity.access import ShownCredential, authenticate
from app.kit.errors import Unauthenticated

router = APIRouter(prefix="/v1", tags=["streams"])

LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID", description="The position after which to resume; absent: only what is new."
    ),
]


@router.get(
    "/stream",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events named by their kind, and a `heartbeat` every 5 s.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **refusals(Unauthenticated, sse.LastEventIdMalformed, sse.TooManyStreams),
    },
)
async def organisation_stream(
    request: Request, shown: ShownCredential, last_event_id: LastEventId = None
) -> StreamingResponse:
    """Follow the caller's organisation: what he may read himself. No connection to the database is held meanwhile."""
    opened, hub = database(request), _hub(request)
    async with opened.session() as session:
        actor = await authenticate(session, shown)
        fresh = await queries.last_position(session)
    place = sse.last_event_id(request) if last_event_id else fresh

    async def frames() -> AsyncIterator[bytes]:
        nonlocal place
        party_id = actor.party_id
        while True:
            with hub.listening(TOPIC_PLACED) as bell:
                async with opened.session() as session:
                    told = await queries.events_after(session, party_id, place)
                for one in told:
                    place = one.position
                    if may_hear(one.kind, one.payload, party_id=party_id, permissions=actor.permissions):
                        yield _frame(one)
                if not told:
                    await hub.ring(bell)

    async def heartbeat() -> bytes:
        async with opened.session() as session:
            at = await Clock().read(session)
        beat = OrganisationHeartbeat(server_at=at, position=place)
        return sse.frame("heartbeat", beat.model_dump(mode="json"))

    async def still_allowed() -> bool:
        nonlocal actor
        async with opened.session() as session:
            try:
                before, actor = actor, await authenticate(session, shown)
            except Unauthenticated:
                return False
        return actor.party_id == before.party_id

    return sse.stream(request, frames=frames, heartbeat=heartbeat, still_allowed=still_allowed)


def _frame(told: queries.Told) -> bytes:
    event = OrganisationEvent(
        position=told.position,
        kind=told.kind,
        version=told.version,
        subject=told.subject,
        subject_id=told.subject_id,
        at=told.at,
        data=told.payload,
    )
    return sse.frame(told.kind, event.model_dump(mode="json"), told.position)


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub
