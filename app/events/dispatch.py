"""Handlers: each reads the events of its kinds in order of position, once in effect.

A handler's cursor moves in the transaction of its effect. What it cannot digest is retried with growing pauses, then
parked: visible, and not in the way of what follows.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.session import Database
from app.events.model import Event
from app.hub import Hub

log = structlog.get_logger()

ATTEMPTS_MAX = 8
Handle = Callable[[AsyncSession, Clock, Event], Awaitable[None]]

_ENROL = text("INSERT INTO event_cursors (handler) VALUES (:handler) ON CONFLICT DO NOTHING")
_LOCK = text(
    "SELECT position, attempts FROM event_cursors WHERE handler = :handler"
    " AND (retry_at IS NULL OR retry_at <= clock_timestamp()) FOR UPDATE SKIP LOCKED"
)
_NEXT = text(
    "SELECT position, kind, payload, parties FROM events"
    " WHERE position > :position AND kind = ANY(:kinds) ORDER BY position LIMIT 1"
)
_MOVE = text(
    "UPDATE event_cursors SET position = :position, attempts = 0, retry_at = NULL WHERE handler = :handler"
)
_FAIL = text(
    "UPDATE event_cursors SET attempts = attempts + 1,"
    " retry_at = clock_timestamp() + make_interval(secs => least(60, power(2, attempts) / 4))"
    " WHERE handler = :handler RETURNING attempts"
)
_PARK = text("INSERT INTO event_parked (handler, position, error) VALUES (:handler, :position, :error)")


@dataclass(frozen=True)
class Handler:
    """Who reacts to which kinds. The name is the cursor's key: never rename a handler that has run."""

    name: str
    kinds: tuple[str, ...]
    handle: Handle


class HandlerFailed(Exception):
    """Carries the place at which a handler failed out of its transaction."""

    def __init__(self, position: int, cause: Exception) -> None:
        self.position, self.cause = position, cause
        super().__init__(f"{position}: {cause}")


async def step(database: Database, hub: Hub, catalogue: Mapping[str, type[Event]], handler: Handler) -> bool:
    """Let one handler digest one event. Returns whether there may be more to do at once."""
    try:
        async with database.transaction() as session:
            moved = await _digest(session, catalogue, handler)
        hub.announce_session(session)
        return moved
    except HandlerFailed as failure:
        await _note_failure(database, handler, failure)
        return False


async def _digest(session: AsyncSession, catalogue: Mapping[str, type[Event]], handler: Handler) -> bool:
    await session.execute(_ENROL, {"handler": handler.name})
    cursor = (await session.execute(_LOCK, {"handler": handler.name})).one_or_none()
    if cursor is None:
        return False
    found = (
        await session.execute(_NEXT, {"position": cursor.position, "kinds": list(handler.kinds)})
    ).one_or_none()
    if found is None:
        return False
    try:
        event = catalogue[found.kind].model_validate({**found.payload, "parties": found.parties})
        await handler.handle(session, Clock(), event)
        await session.flush()
    except Exception as error:
        raise HandlerFailed(found.position, error) from error
    await session.execute(_MOVE, {"handler": handler.name, "position": found.position})
    return True


async def _note_failure(database: Database, handler: Handler, failure: HandlerFailed) -> None:
    log.error("handler_failed", handler=handler.name, position=failure.position, exc_info=failure.cause)
    async with database.transaction() as session:
        # The first digestion's own enrolment went back with it.
        await session.execute(_ENROL, {"handler": handler.name})
        attempts = (await session.execute(_FAIL, {"handler": handler.name})).scalar_one()
        if attempts >= ATTEMPTS_MAX:
            told = f"{type(failure.cause).__name__}: {failure.cause}"[:2_000]
            await session.execute(
                _PARK, {"handler": handler.name, "position": failure.position, "error": told}
            )
            await session.execute(_MOVE, {"handler": handler.name, "position": failure.position})
