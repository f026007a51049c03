"""Answers kept for many keys at once: `idempotency` for a batch of requests in one transaction.

A batch looks its keys up once it holds its locks, and stores the answers with the effect. It claims nothing before:
two batches with the same key on the same object wait for each other at the object's lock, and of two with the same key
on different objects the later one finds its key taken (`KeyTaken`), leaves no effect, and looks again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.kit.errors import Again


class KeyTaken(Again):
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


_FIND: Final = (
    "SELECT k.actor_id, k.key, k.route, k.request_hash, k.status, k.headers::text, k.body FROM idempotency_keys k"
    " JOIN unnest($1::uuid[], $2::text[]) AS a (actor_id, key) ON k.actor_id = a.actor_id AND k.key = a.key"
)
# Sorted: of two batches that wait for each other's keys, both come in the same order.
_KEEP: Final = (
    "INSERT INTO idempotency_keys (actor_id, key, route, request_hash, status, headers, body)"
    " SELECT a.actor_id, a.key, a.route, a.asked, a.status, a.headers::jsonb, a.body"
    " FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::text[])"
    " AS a (actor_id, key, route, asked, status, headers, body)"
    " ORDER BY a.actor_id, a.key ON CONFLICT DO NOTHING"
)


def looking_up(names: Collection[tuple[UUID, str]]) -> plain.Reading:
    """How it is read what is on record for these keys."""
    return plain.Reading(_FIND, ([actor for actor, _ in names], [key for _, key in names]))


def found_kept(found: Iterable[Sequence[Any]]) -> dict[tuple[UUID, str], Kept]:
    """What is on record, from the rows that `looking_up` reads."""
    return {
        (actor_id, key): Kept(
            KeyUse(actor_id, key, route, asked),
            Answer(status or 200, (body or "").encode(), orjson.loads(headers or "{}"), replayed=True),
        )
        for actor_id, key, route, asked, status, headers, body in found
    }


async def keep(session: AsyncSession, kept: Sequence[Kept]) -> None:
    """Store answers with their effect. Raises `KeyTaken` where a key has meanwhile been used: roll back."""
    if not kept:
        return
    rows = [
        (
            one.use.actor_id,
            one.use.key,
            one.use.route,
            one.use.asked,
            one.answer.status,
            orjson.dumps(dict(one.answer.headers)).decode(),
            one.answer.body.decode(),
        )
        for one in kept
    ]
    await plain.post(session, _KEEP, *plain.columns(rows), check=partial(_check, len(kept)))


def _check(asked: int, stored: int) -> None:
    if stored != asked:
        raise KeyTaken()
