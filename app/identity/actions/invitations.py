"""Making an invitation: a secret by which somebody without a password sets one."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.identity import repository
from app.identity.credentials import fingerprint, new_session_token
from app.identity.tables import UserRow

INVITATION_DAYS = 7


async def invite(session: AsyncSession, user: UserRow) -> str:
    """Give a person a new invitation, good for 7 days of real time; the earlier one no longer counts."""
    invitation = new_session_token()
    user.invitation_hash = fingerprint(invitation)
    user.invitation_expires_at = await repository.real_now(session) + timedelta(days=INVITATION_DAYS)
    await session.flush()
    return invitation
