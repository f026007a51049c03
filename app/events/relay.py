"""The one relay: gives each event its dense position, in commit order.

It reads below the cluster's watermark, so no event can appear before a position that was already told. Whoever
holds the relay's row is the relay; a second process waits its turn.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.hub import wake

BATCH = 1_000
TOPIC_PLACED = "placed"

_LOCK = text("SELECT last_position FROM event_relay WHERE id = 1 FOR NO KEY UPDATE")
_PLACE = text(
    """
    WITH ready AS (
        SELECT id, row_number() OVER (ORDER BY xid, id) AS step
        FROM (
            SELECT id, xid FROM events
            WHERE position IS NULL AND xid < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY xid, id LIMIT :batch
        ) AS oldest
    ), placed AS (
        UPDATE events SET position = :last + ready.step FROM ready WHERE events.id = ready.id RETURNING 1
    )
    SELECT count(*) FROM placed
    """
)
_ADVANCE = text("UPDATE event_relay SET last_position = last_position + :count WHERE id = 1")


_WAITING = text("SELECT EXISTS (SELECT FROM events WHERE position IS NULL)")


async def is_waiting(session: AsyncSession) -> bool:
    """Whether a committed event still has no position, because an older writer of the cluster is open."""
    waiting: bool = (await session.execute(_WAITING)).scalar_one()
    return waiting


async def place(session: AsyncSession) -> int:
    """Give positions to the events that are ready, at most a batch. Returns how many; the caller commits."""
    last = (await session.execute(_LOCK)).scalar_one()
    count: int = (await session.execute(_PLACE, {"batch": BATCH, "last": last})).scalar_one()
    if count:
        await session.execute(_ADVANCE, {"count": count})
        wake(session, TOPIC_PLACED)
    return count
