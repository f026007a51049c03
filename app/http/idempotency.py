"""`Idempotency-Key`: at most one effect for a key, and the same answer to every repeat.

The key is claimed first, in the transaction of the effect, so a concurrent repeat waits for the first one to finish
and then gets its answer. Kept are successes and refusals; malformed input, missing credentials, versions that were
overtaken, overload and faults are not, so that they can be repeated. Another body or route under the same key is refused. Keys live 30 days.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Header, Request, Response
from sqlalchemy import CursorResult, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction

from app.db.clock import Clock
from app.http.session import Replay
from app.http.tables import IdempotencyKeyRow
from app.kit.errors import Malformed

KEY_PATTERN = r"^[\x21-\x7e]{8,128}$"
KEPT_DAYS = 30
FORGET_BATCH = 500
KEPT_HEADERS = ("etag", "location", "content-type")


class IdempotencyKeyReused(Malformed):
    """The key has served another request."""

    code = "idempotency_key_reused"
    title_zh = "幂等键已用于另一个请求"
    title_en = "The Idempotency-Key has served another request"
    remedy_zh = "新的意图请换一个新的 Idempotency-Key。"
    remedy_en = "Use a new Idempotency-Key for a new intent."


class IdempotencyKeyMissing(Malformed):
    """This call moves money or bids, so it must carry a key."""

    code = "idempotency_key_missing"
    title_zh = "缺少幂等键"
    title_en = "The Idempotency-Key header is missing"
    remedy_zh = "请在请求头中加入 Idempotency-Key（8 至 128 个可见 ASCII 字符，建议用 UUID）。"
    remedy_en = "Send an Idempotency-Key header of 8 to 128 visible ASCII characters, for example a UUID."


@dataclass
class Claim:
    """A key that this request holds until its transaction ends."""

    session: AsyncSession
    actor_id: UUID
    key: str
    savepoint: AsyncSessionTransaction
    secrets: Sequence[str] = ()

    async def keep(self, response: Response) -> None:
        """Store a success with the effect."""
        await self.savepoint.commit()
        await self._store(response)

    async def keep_refusal(self, response: Response) -> None:
        """Undo what the refused request did, keep its answer."""
        await self.savepoint.rollback()
        await self._store(response)

    async def _store(self, response: Response) -> None:
        body = bytes(response.body).decode()
        if self.secrets:
            told = json.loads(body)
            body = json.dumps(
                {name: None if name in self.secrets else told[name] for name in told}, ensure_ascii=False
            )
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        await self.session.execute(
            update(IdempotencyKeyRow)
            .where(IdempotencyKeyRow.actor_id == self.actor_id, IdempotencyKeyRow.key == self.key)
            .values(status=response.status_code, headers=headers, body=body)
        )


def asked_hash(query: bytes, body: bytes) -> str:
    """What a key is bound to besides its route. The query is part of what is asked."""
    return hashlib.sha256(query + b"\n" + body).hexdigest()


async def claim(request: Request, session: AsyncSession, actor_id: UUID, key: str) -> None:
    """Claim a key for this request, or raise the answer that it already has.

    Raises `Replay` with the kept answer, `IdempotencyKeyReused` for another request under the same key.
    """
    route = f"{request.method} {request.url.path}"
    # The body is already read and cached by the framework; a route that streams it to disk leaves its digest instead.
    body = getattr(request.state, "body_digest", None)
    body = await request.body() if body is None else body
    asked = asked_hash(request.url.query.encode(), body)
    mine = await session.execute(
        upsert(IdempotencyKeyRow)
        .values(actor_id=actor_id, key=key, route=route, request_hash=asked)
        .on_conflict_do_nothing()
        .returning(IdempotencyKeyRow.key)
    )
    if mine.scalar_one_or_none() is None:
        await _replay(session, actor_id, key, route, asked)
    request.state.claim = Claim(session, actor_id, key, await session.begin_nested())


async def _replay(session: AsyncSession, actor_id: UUID, key: str, route: str, asked: str) -> None:
    kept = (
        await session.execute(
            select(IdempotencyKeyRow).where(
                IdempotencyKeyRow.actor_id == actor_id, IdempotencyKeyRow.key == key
            )
        )
    ).scalar_one()
    if (kept.route, kept.request_hash) != (route, asked):
        raise IdempotencyKeyReused(field="/header/Idempotency-Key")
    response = Response(kept.body or "", status_code=kept.status or 200, headers=dict(kept.headers or {}))
    response.headers["Idempotency-Replayed"] = "true"
    raise Replay(response)


def hide_from_replay(request: Request, *fields: str) -> None:
    """Keep these members of the answer out of the stored copy, null in their place: secrets are shown once."""
    if request.state.claim is not None:
        request.state.claim.secrets = fields


KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=KEY_PATTERN,
        description="8 to 128 visible ASCII characters; the same key never has two effects. Kept 30 days.",
    ),
]


_FORGET = text(
    "DELETE FROM idempotency_keys WHERE ctid = ANY(ARRAY(SELECT ctid FROM idempotency_keys"
    " WHERE created_at < clock_timestamp() - make_interval(days => :days) LIMIT :batch))"
)


async def forget_old_keys(session: AsyncSession, _clock: Clock) -> bool:
    """Delete a batch of keys that are past their 30 days. Returns whether there may be more."""
    gone = await session.execute(_FORGET, {"days": KEPT_DAYS, "batch": FORGET_BATCH})
    return bool(cast(CursorResult[Any], gone).rowcount == FORGET_BATCH)
