"""Recording: an event's row is part of the commit that it tells of."""

from typing import Final

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.events.model import Event
from app.hub import wake

TOPIC = "events"
"""What is announced when the outbox has something for the relay."""

# One statement however many: ids are given in the order of the rows.
_RECORD: Final = (
    "INSERT INTO events (kind, version, subject, subject_id, public, parties, payload, at)"
    " SELECT e.kind, e.version, e.subject, e.subject_id, e.public, CAST(e.parties AS uuid[]), e.payload, e.at"
    " FROM ROWS FROM (json_to_recordset($1::json) AS (kind text, version integer, subject text, subject_id uuid,"
    " public boolean, parties text, payload jsonb, at timestamptz)) WITH ORDINALITY"
    " AS e (kind, version, subject, subject_id, public, parties, payload, at, place) ORDER BY e.place"
)


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
            "parties": "{" + ",".join(map(str, dict.fromkeys(event.parties))) + "}",
            "payload": orjson.Fragment(event.model_dump_json()),
            "at": event.at,
        }
        for event in events
    ]
    await plain.post(session, _RECORD, plain.rows_json(rows))
    wake(session, TOPIC)
