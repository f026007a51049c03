"""Recording: an event's row is part of the commit that it tells of."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.model import Event
from app.events.tables import EventRow
from app.hub import wake


async def record(session: AsyncSession, *events: Event) -> None:
    """Write events into the outbox of the caller's transaction. Call it last: it flushes what came before."""
    if not events:
        return
    await session.flush()
    rows = [
        {
            "kind": event.kind,
            "version": event.version,
            "subject": event.subject,
            "subject_id": event.subject_id,
            "public": event.public,
            "parties": list(dict.fromkeys(event.parties)),
            "payload": event.model_dump(mode="json"),
            "at": event.at,
        }
        for event in events
    ]
    await session.execute(insert(EventRow), rows)
    wake(session, "events")
