"""Identity's SQL for writing, and for finding who holds a credential."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.permissions import Role
from app.identity.states import PartyKind, ReviewStatus


@dataclass(frozen=True)
class Holder:
    """Who holds a credential, as of now."""

    user_id: UUID
    user_name: str
    party_id: UUID
    party_kind: PartyKind
    party_status: ReviewStatus
    party_region: str
    roles: frozenset[Role]
    scopes: frozenset[str]
    region_scope: str | None
    credential_id: UUID


_COMMON = """
    u.id AS user_id, u.name AS user_name, p.id AS party_id, p.kind AS party_kind, p.status AS party_status,
    p.region_code AS party_region, m.roles, m.region_scope
"""
_JOINED = """
    JOIN users u ON u.id = c.user_id AND u.disabled_at IS NULL
    JOIN parties p ON p.id = c.party_id
    JOIN memberships m ON m.user_id = c.user_id AND m.party_id = c.party_id AND m.ended_at IS NULL
        AND m.accepted_at IS NOT NULL
"""
_BY_SESSION = text(
    f"SELECT {_COMMON}, c.id AS credential_id, '{{}}'::text[] AS scopes FROM sessions c {_JOINED}"
    " WHERE c.token_hash = :hash AND c.ended_at IS NULL AND c.expires_at > clock_timestamp()"
)
# A test key counts in a sandbox only; the database itself knows which it is.
_BY_KEY = text(
    f"SELECT {_COMMON}, c.id AS credential_id, c.scopes FROM api_keys c {_JOINED}"
    " WHERE c.key_hash = :hash AND c.revoked_at IS NULL AND c.expires_at > clock_timestamp()"
    " AND (c.kind = 'live' OR (SELECT kind FROM market_clock) = 'sandbox')"
)


async def session_holder(session: AsyncSession, token_hash: bytes) -> Holder | None:
    """Who holds a session that has neither ended nor expired."""
    return _holder((await session.execute(_BY_SESSION, {"hash": token_hash})).mappings().one_or_none())


async def key_holder(session: AsyncSession, key_hash: bytes) -> Holder | None:
    """Who holds an API key that is neither revoked nor expired, nor a test key in a live database."""
    return _holder((await session.execute(_BY_KEY, {"hash": key_hash})).mappings().one_or_none())


def _holder(row: RowMapping | None) -> Holder | None:
    if row is None:
        return None
    told: dict[str, Any] = dict(row)
    return Holder(
        **told
        | {
            "party_kind": PartyKind(told["party_kind"]),
            "party_status": ReviewStatus(told["party_status"]),
            "roles": frozenset(Role(role) for role in told["roles"]),
            "scopes": frozenset(told["scopes"]),
        }
    )
