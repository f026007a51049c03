"""Identity's SQL for writing, and for finding who holds a credential."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import CursorResult, and_, false, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.hub import wake
from app.identity.credentials import TOPIC
from app.identity.errors import PartyAlreadyRegistered
from app.identity.permissions import Role
from app.identity.states import PartyKind, ReviewStatus
from app.identity.tables import ApiKeyRow, MembershipRow, PartyRow, SessionRow, UserRow
from app.kit.errors import NotFound


@dataclass(frozen=True)
class Holder:
    """Who holds a credential, as of now.

    noted: the use of a key within the last hour is on record; only the first one in an hour writes.
    parties: all that the person belongs to now; serves_exchange: whether one of them is an exchange.
    """

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
    noted: bool
    parties: frozenset[UUID]
    serves_exchange: bool


_COMMON = """
    u.id AS user_id, u.name AS user_name, p.id AS party_id, p.kind AS party_kind, p.status AS party_status,
    p.region_code AS party_region, m.roles, m.region_scope,
    (SELECT array_agg(o.party_id) FROM memberships o WHERE o.user_id = c.user_id AND o.ended_at IS NULL
        AND o.accepted_at IS NOT NULL) AS parties,
    EXISTS (SELECT 1 FROM memberships o JOIN parties e ON e.id = o.party_id AND e.kind = 'exchange'
        WHERE o.user_id = c.user_id AND o.ended_at IS NULL AND o.accepted_at IS NOT NULL) AS serves_exchange
"""
_JOINED = """
    JOIN users u ON u.id = c.user_id AND u.disabled_at IS NULL
    JOIN parties p ON p.id = c.party_id
    JOIN memberships m ON m.user_id = c.user_id AND m.party_id = c.party_id AND m.ended_at IS NULL
        AND m.accepted_at IS NOT NULL
"""
_BY_SESSION: Final = (
    f"SELECT c.token_hash AS hash, {_COMMON}, c.id AS credential_id, '{{}}'::text[] AS scopes, true AS noted"
    f" FROM sessions c {_JOINED}"
    " WHERE c.token_hash = ANY($1::bytea[]) AND c.ended_at IS NULL AND c.expires_at > clock_timestamp()"
)
# A test key counts in a sandbox only; the database itself knows which it is.
_BY_KEY: Final = (
    f"SELECT c.key_hash AS hash, {_COMMON}, c.id AS credential_id, c.scopes,"
    " coalesce(c.last_used_at > clock_timestamp() - interval '1 hour', false) AS noted"
    f" FROM api_keys c {_JOINED}"
    " WHERE c.key_hash = ANY($1::bytea[]) AND c.revoked_at IS NULL AND c.expires_at > clock_timestamp()"
    " AND (c.kind = 'live' OR (SELECT kind FROM market_clock) = 'sandbox')"
)


async def session_holders(session: AsyncSession, hashes: Collection[bytes]) -> dict[bytes, Holder]:
    """Who holds these sessions, by the hash of each; those that have ended or expired are left out."""
    return await _holders(session, _BY_SESSION, hashes)


async def key_holders(session: AsyncSession, hashes: Collection[bytes]) -> dict[bytes, Holder]:
    """Who holds these API keys, by the hash of each; revoked and expired ones, and test keys in a live database, are left out."""
    return await _holders(session, _BY_KEY, hashes)


async def _holders(session: AsyncSession, statement: str, hashes: Collection[bytes]) -> dict[bytes, Holder]:
    if not hashes:
        return {}
    found = await plain.fetch(session, statement, list(hashes))
    return {row["hash"]: _holder(dict(row)) for row in found}


def _holder(told: dict[str, Any]) -> Holder:
    del told["hash"]
    return Holder(
        **told
        | {
            "party_kind": PartyKind(told["party_kind"]),
            "party_status": ReviewStatus(told["party_status"]),
            "roles": frozenset(Role(role) for role in told["roles"]),
            "scopes": frozenset(told["scopes"]),
            "parties": frozenset(told["parties"]),
        }
    )


async def lock_party(session: AsyncSession, party_id: UUID) -> PartyRow:
    """The party, locked. Raises `NotFound`."""
    row = await session.scalar(
        select(PartyRow).where(PartyRow.id == party_id).with_for_update(key_share=True)
    )
    if row is None:
        raise NotFound()
    return row


async def check_party_new(
    session: AsyncSession,
    *,
    uscc: str | None,
    country_code: str,
    registration_no: str | None,
    person_number_hash: bytes | None,
    besides: UUID | None = None,
) -> None:
    """Refuse a number that another party has. The unique indexes decide a race."""
    same = or_(
        PartyRow.uscc == uscc if uscc else false(),
        and_(PartyRow.country_code == country_code, PartyRow.registration_no == registration_no)
        if registration_no
        else false(),
        PartyRow.person_number_hash == person_number_hash if person_number_hash else false(),
    )
    found = await session.scalar(select(PartyRow.id).where(same, PartyRow.id != (besides or UUID(int=0))))
    if found is not None:
        raise PartyAlreadyRegistered()


async def user_by_login(session: AsyncSession, login: str) -> UserRow | None:
    """The person with a (folded) login."""
    return await session.scalar(select(UserRow).where(UserRow.login == login))


async def lock_user(session: AsyncSession, user_id: UUID) -> UserRow:
    """A person's row, locked: changes of his credentials wait for each other."""
    return (
        await session.scalars(select(UserRow).where(UserRow.id == user_id).with_for_update(key_share=True))
    ).one()


async def user_by_invitation(session: AsyncSession, invitation_hash: bytes) -> UserRow | None:
    """Whoever holds an invitation that has not expired, locked."""
    return await session.scalar(
        select(UserRow)
        .where(
            UserRow.invitation_hash == invitation_hash,
            UserRow.invitation_expires_at > func.clock_timestamp(),
            UserRow.disabled_at.is_(None),
        )
        .with_for_update(key_share=True)
    )


async def real_now(session: AsyncSession) -> datetime:
    """Real time by the database's clock: credentials do not live in market time."""
    at: datetime = (await session.execute(text("SELECT clock_timestamp()"))).scalar_one()
    return at


async def standing(session: AsyncSession, user_id: UUID) -> Sequence[MembershipRow]:
    """A person's memberships that have not ended, invitations included, oldest first."""
    return (
        await session.scalars(
            select(MembershipRow)
            .where(MembershipRow.user_id == user_id, MembershipRow.ended_at.is_(None))
            .order_by(MembershipRow.id)
        )
    ).all()


async def parties_ever(session: AsyncSession, user_id: UUID) -> frozenset[UUID]:
    """Every party to which a person belongs, was invited, or has belonged."""
    return frozenset(
        await session.scalars(select(MembershipRow.party_id).where(MembershipRow.user_id == user_id))
    )


async def membership(session: AsyncSession, *, user_id: UUID, party_id: UUID) -> MembershipRow | None:
    """A person's place in a party, ended or not."""
    return await session.scalar(
        select(MembershipRow).where(MembershipRow.user_id == user_id, MembershipRow.party_id == party_id)
    )


async def member_of(session: AsyncSession, *, party_id: UUID, membership_id: UUID) -> MembershipRow:
    """A membership that has not ended, of this party. Raises `NotFound`. Lock the party first."""
    row = await session.scalar(
        select(MembershipRow).where(
            MembershipRow.id == membership_id,
            MembershipRow.party_id == party_id,
            MembershipRow.ended_at.is_(None),
        )
    )
    if row is None:
        raise NotFound()
    return row


async def members_besides(
    session: AsyncSession, *, party_id: UUID, membership_id: UUID
) -> Sequence[MembershipRow]:
    """The party's other members who can act: not ended, accepted, and with a password of their own."""
    return (
        await session.scalars(
            select(MembershipRow)
            .join(UserRow, UserRow.id == MembershipRow.user_id)
            .where(
                MembershipRow.party_id == party_id,
                MembershipRow.id != membership_id,
                MembershipRow.ended_at.is_(None),
                MembershipRow.accepted_at.is_not(None),
                UserRow.password_hash.is_not(None),
                UserRow.disabled_at.is_(None),
            )
        )
    ).all()


async def count_members(session: AsyncSession, party_id: UUID) -> int:
    """How many memberships of a party have not ended."""
    return (
        await session.execute(
            select(func.count()).where(MembershipRow.party_id == party_id, MembershipRow.ended_at.is_(None))
        )
    ).scalar_one()


def rights_changed(session: AsyncSession) -> None:
    """Have every process forget the credentials that it remembers, once this is durable (`identity.badges`)."""
    wake(session, TOPIC)


async def end_credentials(session: AsyncSession, *, user_id: UUID, party_id: UUID) -> None:
    """End a person's sessions and keys for a party, at once."""
    await session.execute(
        update(SessionRow)
        .where(SessionRow.user_id == user_id, SessionRow.party_id == party_id, SessionRow.ended_at.is_(None))
        .values(ended_at=func.clock_timestamp())
    )
    await session.execute(
        update(ApiKeyRow)
        .where(ApiKeyRow.user_id == user_id, ApiKeyRow.party_id == party_id, ApiKeyRow.revoked_at.is_(None))
        .values(revoked_at=func.clock_timestamp())
    )
    rights_changed(session)


async def end_sessions(session: AsyncSession, *, user_id: UUID, but: UUID | None = None) -> None:
    """End a person's sessions, all but one if named."""
    await session.execute(
        update(SessionRow)
        .where(
            SessionRow.user_id == user_id,
            SessionRow.ended_at.is_(None),
            SessionRow.id != (but or UUID(int=0)),
        )
        .values(ended_at=func.clock_timestamp())
    )
    rights_changed(session)


async def end_session(session: AsyncSession, session_id: UUID) -> None:
    """End one session."""
    await session.execute(
        update(SessionRow).where(SessionRow.id == session_id).values(ended_at=func.clock_timestamp())
    )
    rights_changed(session)


async def end_oldest_sessions(session: AsyncSession, *, user_id: UUID, keep: int) -> None:
    """Keep a person's newest sessions, end the rest."""
    newest = (
        select(SessionRow.id)
        .where(SessionRow.user_id == user_id, SessionRow.ended_at.is_(None))
        .order_by(SessionRow.id.desc())
        .limit(keep)
    )
    ended = await session.execute(
        update(SessionRow)
        .where(
            SessionRow.user_id == user_id,
            SessionRow.ended_at.is_(None),
            SessionRow.id.not_in(newest.scalar_subquery()),
        )
        .values(ended_at=func.clock_timestamp())
    )
    if cast(CursorResult[Any], ended).rowcount:
        rights_changed(session)


async def count_keys(session: AsyncSession, *, user_id: UUID, party_id: UUID) -> int:
    """How many of a person's keys for a party are still good."""
    return (
        await session.execute(
            select(func.count()).where(
                ApiKeyRow.user_id == user_id,
                ApiKeyRow.party_id == party_id,
                ApiKeyRow.revoked_at.is_(None),
                ApiKeyRow.expires_at > func.clock_timestamp(),
            )
        )
    ).scalar_one()


async def own_key(session: AsyncSession, *, key_id: UUID, user_id: UUID, party_id: UUID) -> ApiKeyRow:
    """A person's own key for a party. Raises `NotFound`."""
    row = await session.scalar(
        select(ApiKeyRow).where(
            ApiKeyRow.id == key_id, ApiKeyRow.user_id == user_id, ApiKeyRow.party_id == party_id
        )
    )
    if row is None:
        raise NotFound()
    return row


async def note_uses(session: AsyncSession, key_ids: Collection[UUID]) -> None:
    """Note that keys were used. Uses that run at once do not wait for each other: one of them notes it."""
    mine = (
        select(ApiKeyRow.id)
        .where(ApiKeyRow.id.in_(key_ids))
        .with_for_update(skip_locked=True, key_share=True)
    )
    await session.execute(
        update(ApiKeyRow).where(ApiKeyRow.id.in_(mine)).values(last_used_at=func.clock_timestamp())
    )
