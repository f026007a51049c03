"""Signing in and out, acting for another party, and passwords. Credentials live in real time."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.session import Database
from app.http.limits import Limiter, Rate
from app.identity import repository
from app.identity.access import Actor
from app.identity.credentials import fingerprint, new_session_token
from app.identity.errors import (
    InvitationInvalid,
    NoMembership,
    PasswordWrong,
    SessionNeeded,
    SignInRefused,
)
from app.identity.passwords import Passwords
from app.identity.rules.secrets import check_password, fold_login
from app.identity.tables import SessionRow
from app.kit.errors import NotFound

SESSION_SECONDS = 12 * 3600
SESSIONS_MAX = 20

# Guessing one login from one place pauses that place; a pause of the login everywhere comes much later, so that
# nobody is easily shut out by others.
PER_LOGIN_HERE = Rate("sign_in_login_address", 10, 900)
PER_LOGIN = Rate("sign_in_login", 100, 3600)
PER_PERSON = Rate("password_change", 10, 900)


@dataclass(frozen=True)
class Attempt:
    """Somebody tries to sign in, from an address."""

    login: str
    password: str
    address: str


async def sign_in(
    session: AsyncSession,
    *,
    database: Database,
    passwords: Passwords,
    limiter: Limiter,
    per_address: Rate,
    attempt: Attempt,
) -> str:
    """The token of a new session. Raises `RateLimited`, `SignInRefused`, `NoMembership`.

    The hash is computed between two transactions, never in one: it takes long, and connections are few.
    """
    login = fold_login(attempt.login)
    here = f"{login}\n{attempt.address}"
    await limiter.take(per_address, attempt.address)
    await limiter.take(PER_LOGIN_HERE, here)
    await limiter.take(PER_LOGIN, login)
    async with database.session() as reading:
        known = await repository.user_by_login(reading, login)
    stored = known.password_hash if known is not None and known.disabled_at is None else None
    if not await passwords.verify(attempt.password, stored) or known is None:
        raise SignInRefused()
    await limiter.forget(PER_LOGIN_HERE, here)
    await limiter.forget(PER_LOGIN, login)
    user = await repository.lock_user(session, known.id)
    if user.password_hash != stored or user.disabled_at is not None:
        raise SignInRefused()
    places = [place for place in await repository.standing(session, user.id) if place.accepted_at is not None]
    if not places:
        raise NoMembership()
    return await open_session(session, user_id=user.id, party_id=places[0].party_id)


async def open_session(session: AsyncSession, *, user_id: UUID, party_id: UUID) -> str:
    """The token of a new session; beyond 20 sessions the oldest end."""
    token = new_session_token()
    session.add(
        SessionRow(
            token_hash=fingerprint(token),
            user_id=user_id,
            party_id=party_id,
            expires_at=await repository.real_now(session) + timedelta(seconds=SESSION_SECONDS),
        )
    )
    await session.flush()
    await repository.end_oldest_sessions(session, user_id=user_id, keep=SESSIONS_MAX)
    return token


async def sign_out(session: AsyncSession, *, actor: Actor) -> None:
    """End the actor's session. Raises `SessionNeeded` for a key."""
    require_person(actor)
    await repository.end_session(session, actor.credential_id)


async def act_for(session: AsyncSession, *, actor: Actor, party_id: UUID) -> str:
    """The token of a new session for another of the person's parties; the old session ends, so that no other
    window goes on for a party that it does not show. Raises `SessionNeeded`, `NotFound`.
    """
    require_person(actor)
    place = await repository.membership(session, user_id=actor.user_id, party_id=party_id)
    if place is None or place.ended_at is not None or place.accepted_at is None:
        raise NotFound(field="/body/party_id")
    await repository.end_session(session, actor.credential_id)
    return await open_session(session, user_id=actor.user_id, party_id=party_id)


async def change_password(
    session: AsyncSession,
    *,
    passwords: Passwords,
    limiter: Limiter,
    actor: Actor,
    current: str,
    new: str,
) -> None:
    """Set a new password; the person's other sessions end. Raises `RateLimited`, `PasswordWrong`, `PasswordWeak`."""
    require_person(actor)
    await limiter.take(PER_PERSON, str(actor.user_id))
    user = await repository.lock_user(session, actor.user_id)
    check_password(new, user.login, field="/body/new_password")
    if not await passwords.verify(current, user.password_hash):
        raise PasswordWrong(field="/body/current_password")
    user.password_hash = await passwords.hash(new)
    await session.flush()
    await repository.end_sessions(session, user_id=actor.user_id, but=actor.credential_id)


async def accept_invitation(
    session: AsyncSession,
    *,
    database: Database,
    passwords: Passwords,
    invitation: str,
    password: str,
) -> None:
    """Set the first password of somebody invited; the invitation is used up. Raises `InvitationInvalid`."""
    async with database.session() as reading:
        invited = await repository.user_by_invitation(reading, fingerprint(invitation))
    if invited is None:
        raise InvitationInvalid(field="/body/invitation")
    check_password(password, invited.login)
    hashed = await passwords.hash(password)
    user = await repository.user_by_invitation(session, fingerprint(invitation))
    if user is None:
        raise InvitationInvalid(field="/body/invitation")
    user.password_hash, user.invitation_hash, user.invitation_expires_at = hashed, None, None
    await session.flush()


def require_person(actor: Actor) -> None:
    """Refuse a program: this binds the person himself. Raises `SessionNeeded`."""
    if actor.via != "session":
        raise SessionNeeded()
