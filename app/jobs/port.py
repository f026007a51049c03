"""Enqueueing: a job row is part of the commit that asks for it.

The library's insert notifies listening workers, and PostgreSQL delivers notifications under a lock that it holds
through the commit's flush: so nothing on the bid path enqueues (measured; see docs/decisions).
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.db.session import Database
from app.hub import Hub


@dataclass(frozen=True)
class JobContext:
    """What a job may use: it opens its own short transactions."""

    database: Database
    hub: Hub
    settings: Settings


JobFunction = Callable[[JobContext, Mapping[str, Any]], Awaitable[None]]


async def enqueue(
    session: AsyncSession,
    name: str,
    payload: Mapping[str, Any],
    *,
    key: str | None = None,
    run_after: timedelta | None = None,
) -> None:
    """Put a job into the queue with the caller's transaction.

    key: at most one job of this key waits or runs at a time; a second one is dropped.
    run_after: real time from now (not market time: what depends on market time is found by a sweep).
    """
    await session.flush()
    raw = await (await session.connection()).get_raw_connection()
    queries = Queries(AsyncpgDriver(raw.driver_connection))
    await queries.enqueue(
        name, json.dumps(dict(payload)).encode(), execute_after=run_after, dedupe_key=key, on_conflict="skip"
    )
