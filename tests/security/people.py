"""People who belong to two parties, and keys that may do less than their holders."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.credentials import fingerprint, new_api_key
from app.identity.permissions import Permission, Role
from app.identity.tables import ApiKeyRow, MembershipRow
from tests.factories.identity import Member


async def make_key(
    session: AsyncSession, *, user_id: UUID, party_id: UUID, scopes: Iterable[Permission] = tuple(Permission)
) -> dict[str, str]:
    """The Authorization header of a new key of somebody for a party."""
    key = new_api_key("test")
    session.add(
        ApiKeyRow(
            name="test",
            kind="test",
            prefix=key[:13],
            key_hash=fingerprint(key),
            user_id=user_id,
            party_id=party_id,
            scopes=[str(scope) for scope in scopes],
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )
    )
    await session.flush()
    return {"Authorization": f"Bearer {key}"}


async def join(session: AsyncSession, member: Member, party_id: UUID, *roles: Role) -> dict[str, str]:
    """Let somebody belong to another party as well; his header for acting for it."""
    session.add(MembershipRow(user_id=member.user_id, party_id=party_id, roles=[str(role) for role in roles]))
    await session.flush()
    return await make_key(session, user_id=member.user_id, party_id=party_id)
