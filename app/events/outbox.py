"""Recording: an event's row is part of the commit that it tells of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.events.model import Event, Written
from app.hub import wake

TOPIC = "events"
"""What is announced when the outbox has something for the relay."""

# One statement however many: ids are given in the order of the arrays.
_RECORD: Final = (
    "INSERT INTO events (kind, version, subject, subject_id, public, parties, payload, at)"
    " SELECT e.kind, e.version, e.subject, e.subject_id, e.public, e.parties::uuid[], e.payload::jsonb, e.at"
    " FROM unnest($1::text[], $2::integer[], $3::text[], $4::uuid[], $5::boolean[], $6::text[], $7::text[],"
    " $8::timestamptz[]) WITH ORDINALITY"
    " AS e (kind, version, subject, subject_id, public, parties, payload, at, place) ORDER BY e.place"
)


_GATHERED: Final = "gathered"


@contextmanager
def gathering(session: AsyncSession) -> Iterator[list[Event | Written]]:
    """Within it, what is recorded is not written but added to this list, in the order of its recording. The caller
    records the list afterwards: one statement for all that a transaction tells.
    """
    before, gathered = session.info.get(_GATHERED), list[Event | Written]()
    session.info[_GATHERED] = gathered
    try:
        yield gathered
    finally:
        if before is None:
            del session.info[_GATHERED]
        else:
            session.info[_GATHERED] = before


async def record(session: AsyncSession, *events: Event | Written) -> None:
    """Write events into the outbox of the caller's transaction. Call it last: it flushes what came before."""
    if not events:
        return
    gathered: list[Event | Written] | None = session.info.get(_GATHERED)
    if gathered is not None:
        gathered.extend(events)
        return
    await session.flush()
    rows = [_row(event.written() if isinstance(event, Event) else event) for event in events]
    await plain.post(session, _RECORD, *plain.columns(rows))
    wake(session, TOPIC)


def _row(event: Written) -> tuple[Any, ...]:
    kind = event.of
    return (
        kind.kind,
        kind.version,
        kind.subject,
        event.subject_id,
        kind.public,
        "{" + ",".join(map(str, dict.fromkeys(event.parties))) + "}",
        event.payload,
        event.at,
    )
