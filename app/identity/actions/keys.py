"""API keys: made once, shown once, revoked at will."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import read_market_clock
from app.identity import repository
from app.identity.access import Actor
from app.identity.credentials import fingerprint, new_api_key
from app.identity.errors import SessionNeeded, TooMany
from app.identity.permissions import Permission
from app.identity.rules.secrets import check_key_kind, check_scopes
from app.identity.tables import ApiKeyRow

KEYS_MAX = 50
PREFIX_LENGTH = 13


@dataclass(frozen=True)
class MadeKey:
    """A key's row and its secret, which is not stored."""

    row: ApiKeyRow
    key: str


async def make_api_key(
    session: AsyncSession,
    *,
    actor: Actor,
    name: str,
    kind: Literal["live", "test"],
    scopes: frozenset[Permission],
    expires_in_days: int,
) -> MadeKey:
    """A new key for the actor and his present party.

    Raises `SessionNeeded` (a key makes no keys), `ApiKeyKindUnfit`, `ScopeTooWide`, `TooMany`.
    """
    if actor.via != "session":
        raise SessionNeeded()
    check_key_kind(kind, (await read_market_clock(session)).kind)
    check_scopes(scopes, actor.permissions)
    await repository.lock_user(session, actor.user_id)
    if await repository.count_keys(session, user_id=actor.user_id, party_id=actor.party_id) >= KEYS_MAX:
        raise TooMany(limit=KEYS_MAX)
    key, now = new_api_key(kind), await repository.real_now(session)
    row = ApiKeyRow(
        name=name,
        kind=kind,
        prefix=key[:PREFIX_LENGTH],
        key_hash=fingerprint(key),
        user_id=actor.user_id,
        party_id=actor.party_id,
        scopes=sorted(str(scope) for scope in scopes),
        created_at=now,
        expires_at=now + timedelta(days=expires_in_days),
    )
    session.add(row)
    await session.flush()
    return MadeKey(row=row, key=key)


async def revoke_api_key(session: AsyncSession, *, actor: Actor, key_id: UUID) -> None:
    """Revoke one of the actor's own keys, now. Revoking again changes nothing. Raises `NotFound`."""
    row = await repository.own_key(session, key_id=key_id, user_id=actor.user_id, party_id=actor.party_id)
    row.revoked_at = row.revoked_at or await repository.real_now(session)
    await session.flush()
    repository.rights_changed(session)
