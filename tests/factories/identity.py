"""Parties, people and keys."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.actions import open_session
from app.identity.credentials import csrf_token, fingerprint, new_api_key
from app.identity.permissions import Permission, Role, permissions_of
from app.identity.rules.codes import person_check_character, uscc_check_character
from app.identity.states import PartyKind, ReviewStatus
from app.identity.tables import ApiKeyRow, MembershipRow, PartyRow, UserRow
from app.kit.ids import new_id

_serial = itertools.count(1)
_births = itertools.count(1)


def valid_uscc(prefix: str = "91330106") -> str:
    """A code that checks and that no other test has used."""
    # Codes leave out the letters I, O, S, V and Z; digits of a fresh id serve.
    body = prefix + f"{new_id().int % 10**9:09d}"
    return body + uscc_check_character(body)


@dataclass(frozen=True)
class Member:
    """Somebody with a key: his ids, his actor for calling actions, his header for calling routes."""

    user_id: UUID
    party_id: UUID
    key: str
    actor: Actor

    @property
    def headers(self) -> dict[str, str]:
        """The Authorization header."""
        return {"Authorization": f"Bearer {self.key}"}


async def make_party(
    session: AsyncSession,
    *,
    kind: PartyKind = PartyKind.PRIVATE_ENTERPRISE,
    name: str | None = None,
    status: ReviewStatus = ReviewStatus.APPROVED,
    region_code: str = "330106",
) -> PartyRow:
    """An organisation with a valid code."""
    party = PartyRow(
        kind=kind,
        name=name or f"测试单位{next(_serial)}号",
        uscc=valid_uscc(),
        country_code="CHN",
        region_code=region_code,
        status=status,
    )
    session.add(party)
    await session.flush()
    return party


async def make_member(
    session: AsyncSession,
    *roles: Role,
    party: PartyRow | None = None,
    kind: PartyKind = PartyKind.PRIVATE_ENTERPRISE,
    status: ReviewStatus = ReviewStatus.APPROVED,
    region_scope: str | None = None,
    name: str = "王某",
) -> Member:
    """Somebody with these roles in a party (a new one unless given) and a test key with all his permissions."""
    party = party or await make_party(session, kind=kind, status=status)
    user = UserRow(login=f"{new_id()}@example.cn", name=name)
    session.add(user)
    await session.flush()
    key, granted = new_api_key("test"), permissions_of(frozenset(roles))
    row = ApiKeyRow(
        name="test",
        kind="test",
        prefix=key[:13],
        key_hash=fingerprint(key),
        user_id=user.id,
        party_id=party.id,
        scopes=[str(permission) for permission in Permission],
        expires_at=datetime.now(UTC) + timedelta(days=1),
    )
    session.add_all(
        [
            MembershipRow(
                user_id=user.id, party_id=party.id, roles=[str(r) for r in roles], region_scope=region_scope
            ),
            row,
        ]
    )
    await session.flush()
    actor = Actor(
        user_id=user.id,
        user_name=name,
        party_id=party.id,
        party_kind=PartyKind(party.kind),
        party_status=ReviewStatus(party.status),
        party_region=party.region_code,
        roles=frozenset(roles),
        permissions=granted,
        region_scope=region_scope,
        via="api_key",
        credential_id=row.id,
    )
    return Member(user_id=user.id, party_id=party.id, key=key, actor=actor)


def valid_person_number(region: str = "330106", born: str = "19840816") -> str:
    """An identity number that checks and that no other test has used (for up to 999 births on one day)."""
    body = f"{region}{born}{next(_births) % 1000:03d}"
    return body + person_check_character(body)


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a browser's session: his ids and the headers that his page sends."""

    user_id: UUID
    party_id: UUID
    membership_id: UUID
    login: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """Cookie, page token and origin."""
        return {
            "Cookie": f"jishi={self.token}",
            "X-CSRF-Token": csrf_token(self.token),
            "Origin": "http://testserver",
        }


async def make_signed_in(
    session: AsyncSession,
    *roles: Role,
    party: PartyRow | None = None,
    kind: PartyKind = PartyKind.PRIVATE_ENTERPRISE,
    status: ReviewStatus = ReviewStatus.APPROVED,
    region_scope: str | None = None,
    password_hash: str | None = None,
    name: str = "王某",
) -> SignedIn:
    """Somebody with these roles in a party (a new one unless given), signed in with a browser."""
    party = party or await make_party(session, kind=kind, status=status)
    user = UserRow(login=f"{new_id()}@example.cn", name=name, password_hash=password_hash)
    session.add(user)
    await session.flush()
    membership = MembershipRow(
        user_id=user.id, party_id=party.id, roles=[str(r) for r in roles], region_scope=region_scope
    )
    session.add(membership)
    await session.flush()
    token = await open_session(session, user_id=user.id, party_id=party.id)
    return SignedIn(
        user_id=user.id, party_id=party.id, membership_id=membership.id, login=user.login, token=token
    )
