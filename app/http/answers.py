"""Answers kept for many keys at once: `idempotency` for a batch of requests in one transaction.

A batch looks its keys up once it holds its locks, and stores the answers with the effect. It claims nothing before:
two batches with the same key on the same object wait for each other at the object's lock, and of two with the same key
on different objects the later one finds its key taken (`KeyTaken`), leaves no effect, and looks again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession


class KeyTaken(Exception):
    """Somebody else has used one of the keys since they were looked up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. replayed: it is the kept one of an earlier request; nothing happened now."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One use of a key: whose it is, for which route, and what was asked (`idempotency.asked_hash`)."""

    actor_id: UUID
    key: str
    route: str
    asked: str

    @property
    def name(self) -> tuple[UUID, str]:
        """By which the key is known."""
        return (self.actor_id, self.key)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is on record for a key."""

    use: KeyUse
    answer: Answer


_FIND = text(
    "SELECT k.actor_id, k.key, k.route, k.request_hash, k.status, k.headers, k.body FROM idempotency_keys k"
    " JOIN unnest(CAST(:actors AS uuid[]), CAST(:keys AS text[])) AS a (actor_id, key)"
    " ON k.actor_id = a.actor_id AND k.key = a.key"
)
# Sorted: of two batches that wait for each other's keys, both come in the same order.
_KEEP = text(
    "INSERT INTO idempotency_keys (actor_id, key, route, request_hash, status, headers, body)"
    " SELECT a.actor_id, a.key, a.route, a.asked, a.status, CAST(a.headers AS jsonb), a.body"
    " FROM unnest(CAST(:actors AS uuid[]), CAST(:keys AS text[]), CAST(:routes AS text[]), CAST(:asked AS text[]),"
    " CAST(:statuses AS integer[]), CAST(:headers AS text[]), CAST(:bodies AS text[]))"
    " AS a (actor_id, key, route, asked, status, headers, body)"
    " ORDER BY a.actor_id, a.key ON CONFLICT DO NOTHING"
)


async def find_kept(
    session: AsyncSession, names: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Kept]:
    """What is on record for these keys."""
    if not names:
        return {}
    asked = {"actors": [actor for actor, _ in names], "keys": [key for _, key in names]}
    return {
        (row.actor_id, row.key): Kept(
            KeyUse(row.actor_id, row.key, row.route, row.request_hash),
            Answer(row.status or 200, (row.body or "").encode(), dict(row.headers or {}), replayed=True),
        )
        for row in await session.execute(_FIND, asked)
    }


async def keep(session: AsyncSession, kept: Sequence[Kept]) -> None:
    """Store answers with their effect. Raises `KeyTaken` where a key has meanwhile been used: roll back."""
    if not kept:
        return
    rows: dict[str, list[Any]] = {
        "actors": [one.use.actor_id for one in kept],
        "keys": [one.use.key for one in kept],
        "routes": [one.use.route for one in kept],
        "asked": [one.use.asked for one in kept],
        "statuses": [one.answer.status for one in kept],
        "headers": [orjson.dumps(dict(one.answer.headers)).decode() for one in kept],
        "bodies": [one.answer.body.decode() for one in kept],
    }
    stored = await session.execute(_KEEP, rows)
    assert isinstance(stored, CursorResult)
    if stored.rowcount != len(kept):
        raise KeyTaken()
