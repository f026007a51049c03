"""Parties, people and keys."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from stdnum.cn import uscc

from app.identity.access import Actor
from app.identity.credentials import fingerprint, new_api_key
from app.identity.permissions import Permission, Role, permissions_of
from app.identity.states import PartyKind, ReviewStatus
from app.identity.tables import ApiKeyRow, MembershipRow, PartyRow, UserRow
from app.kit.ids import new_id

_serial = itertools.count(1)


def valid_uscc(prefix: str = "91330106") -> str:
    """A code that checks and that no other test has used."""
    # Codes leave out the letters I, O, S, V and Z; digits of a fresh id serve.
    body = prefix + f"{new_id().int % 10**9:09d}"
    return body + str(uscc.calc_check_digit(body + "0"))


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
