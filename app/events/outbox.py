"""Recording: an event's row is part of the commit that it tells of."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.model import Event
from app.hub import wake

TOPIC = "events"
"""What is announced when the outbox has something for the relay."""

# One statement however many: ids are given in the order of the arrays.
_RECORD = text(
    "INSERT INTO events (kind, version, subject, subject_id, public, parties, payload, at)"
    " SELECT e.kind, e.version, e.subject, e.subject_id, e.public, CAST(e.parties AS uuid[]),"
    " CAST(e.payload AS jsonb), e.at"
    " FROM unnest(CAST(:kinds AS text[]), CAST(:versions AS integer[]), CAST(:subjects AS text[]),"
    " CAST(:ids AS uuid[]), CAST(:public AS boolean[]), CAST(:parties AS text[]), CAST(:payloads AS text[]),"
    " CAST(:instants AS timestamptz[])) WITH ORDINALITY"
    " AS e (kind, version, subject, subject_id, public, parties, payload, at, place) ORDER BY e.place"
)


async def record(session: AsyncSession, *events: Event) -> None:
    """Write events into the outbox of the caller's transaction. Call it last: it flushes what came before."""
    if not events:
        return
    await session.flush()
    rows = {
        "kinds": [event.kind for event in events],
        "versions": [event.version for event in events],
        "subjects": [event.subject for event in events],
        "ids": [event.subject_id for event in events],
        "public": [event.public for event in events],
        "parties": ["{" + ",".join(map(str, dict.fromkeys(event.parties))) + "}" for event in events],
        "payloads": [event.model_dump_json() for event in events],
        "instants": [event.at for event in events],
    }
    await session.execute(_RECORD, rows)
    wake(session, TOPIC)
