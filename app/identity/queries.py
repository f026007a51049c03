"""Reading who is who."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.identity.access import Actor, within_scope
from app.identity.credentials import csrf_token
from app.identity.permissions import Permission, Role
from app.identity.rules.parties import check_within
from app.identity.schemas import (
    PERSON_NUMBER_MASK,
    ApiKeyOut,
    CreditRecordOut,
    MemberOut,
    MembershipOut,
    PartyOut,
    PartySummary,
    SessionOut,
    UserOut,
)
from app.identity.states import PartyKind, ReviewStatus
from app.identity.tables import ApiKeyRow, CreditRecordRow, MembershipRow, PartyRow, UserRow
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import Page


@dataclass(frozen=True)
class PartyFacts:
    """What other rooms' rules need to know of a party."""

    id: UUID
    kind: PartyKind
    name: str
    region_code: str
    country_code: str
    status: ReviewStatus


async def party_names(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of parties, as they stand now. Whoever asks must know that the names may be told."""
    rows = await plain.fetch(
        session, "SELECT id, name FROM parties WHERE id = ANY($1::uuid[])", list(set(ids))
    )
    return {row["id"]: row["name"] for row in rows}


@dataclass(frozen=True)
class ActingMember:
    """Somebody who can act for a party now: his name, and what he is there."""

    name: str
    roles: frozenset[Role]


async def acting_member(session: AsyncSession, *, party_id: UUID, user_id: UUID) -> ActingMember | None:
    """Somebody of a party who has accepted, has not left, and can sign in; else None."""
    row = (
        await session.execute(
            select(UserRow.name, MembershipRow.roles)
            .join(MembershipRow, MembershipRow.user_id == UserRow.id)
            .where(
                UserRow.id == user_id,
                UserRow.disabled_at.is_(None),
                MembershipRow.party_id == party_id,
                MembershipRow.ended_at.is_(None),
                MembershipRow.accepted_at.is_not(None),
            )
        )
    ).one_or_none()
    return ActingMember(row.name, frozenset(Role(role) for role in row.roles)) if row is not None else None


async def party_facts(session: AsyncSession, party_id: UUID) -> PartyFacts | None:
    """Kind, name, region and review of a party; None if there is no such party."""
    row = (
        await session.execute(
            select(
                PartyRow.id,
                PartyRow.kind,
                PartyRow.name,
                PartyRow.region_code,
                PartyRow.country_code,
                PartyRow.status,
            ).where(PartyRow.id == party_id)
        )
    ).one_or_none()
    if row is None:
        return None
    return PartyFacts(
        id=row.id,
        kind=PartyKind(row.kind),
        name=row.name,
        region_code=row.region_code,
        country_code=row.country_code,
        status=ReviewStatus(row.status),
    )


def party_out(row: PartyRow) -> PartyOut:
    """A party's wire shape: an identity number is only ever a row of stars."""
    return PartyOut(
        id=row.id,
        kind=PartyKind(row.kind),
        name=row.name,
        name_en=row.name_en,
        uscc=row.uscc,
        registration_no=row.registration_no,
        country_code=row.country_code,
        person_number=PERSON_NUMBER_MASK if row.person_number_hash is not None else None,
        region_code=row.region_code,
        objection_procedure=row.objection_procedure,
        status=ReviewStatus(row.status),
        review_reason=row.review_reason,
        entered_on_behalf=row.entered_on_behalf_of is not None,
        created_at=row.created_at,
        version=row.version,
    )


async def party(session: AsyncSession, *, actor: Actor, party_id: UUID) -> PartyRow:
    """A party that the actor may see: his own, or any in his region for those who read parties. Else `NotFound`."""
    row = await session.get(PartyRow, party_id)
    if row is None:
        raise NotFound()
    if party_id != actor.party_id:
        if not actor.may(Permission.PARTY_READ):
            raise NotFound()
        check_within(actor.region_prefix, row.region_code)
    return row


async def parties(
    session: AsyncSession,
    *,
    actor: Actor,
    status: ReviewStatus | None,
    kind: PartyKind | None,
    q: str | None,
    cursor: str | None,
    limit: int,
) -> Page[PartyOut]:
    """Parties of the actor's region, newest first. q: part of a name, or the beginning of a code."""
    filters = {"list": "parties", "status": status, "kind": kind, "q": q}
    chosen = select(PartyRow).where(within_scope(PartyRow.region_code, actor))
    if status is not None:
        chosen = chosen.where(PartyRow.status == status)
    if kind is not None:
        chosen = chosen.where(PartyRow.kind == kind)
    if q is not None:
        chosen = chosen.where(
            or_(PartyRow.name.icontains(q, autoescape=True), PartyRow.uscc.startswith(q, autoescape=True))
        )
    if cursor is not None:
        chosen = chosen.where(PartyRow.id < decode_cursor(cursor, filters, (UUID,))[0])
    rows = (await session.scalars(chosen.order_by(PartyRow.id.desc()).limit(limit + 1))).all()
    more = len(rows) > limit
    return Page(
        data=[party_out(row) for row in rows[:limit]],
        next_cursor=encode_cursor([rows[limit - 1].id], filters) if more else None,
        has_more=more,
    )


async def credit_records(
    session: AsyncSession, *, actor: Actor, party_id: UUID, cursor: str | None, limit: int
) -> Page[CreditRecordOut]:
    """The credit record of a party that the actor may see, the newest entry first. Else `NotFound`."""
    await party(session, actor=actor, party_id=party_id)
    filters = {"list": "credit_records", "party": party_id}
    chosen = select(CreditRecordRow).where(CreditRecordRow.party_id == party_id)
    if cursor is not None:
        chosen = chosen.where(CreditRecordRow.id < decode_cursor(cursor, filters, (UUID,))[0])
    rows = (await session.scalars(chosen.order_by(CreditRecordRow.id.desc()).limit(limit + 1))).all()
    more = len(rows) > limit
    return Page(
        data=[CreditRecordOut.model_validate(row) for row in rows[:limit]],
        next_cursor=encode_cursor([rows[limit - 1].id], filters) if more else None,
        has_more=more,
    )


async def session_out(session: AsyncSession, *, actor: Actor, token: str | None) -> SessionOut:
    """Who is signed in, for whom, and what he may do. token: the session's secret, None for a key."""
    user = (await session.scalars(select(UserRow).where(UserRow.id == actor.user_id))).one()
    acting = (await session.scalars(select(PartyRow).where(PartyRow.id == actor.party_id))).one()
    places = await session.execute(
        select(MembershipRow, PartyRow.name, PartyRow.kind)
        .join(PartyRow, PartyRow.id == MembershipRow.party_id)
        .where(MembershipRow.user_id == actor.user_id, MembershipRow.ended_at.is_(None))
        .order_by(MembershipRow.id)
    )
    return SessionOut(
        user=UserOut.model_validate(user),
        party=PartySummary.model_validate(acting),
        memberships=[_membership_out(place, name, kind) for place, name, kind in places],
        roles=sorted(actor.roles),
        permissions=sorted(actor.permissions),
        region_scope=actor.region_scope,
        csrf_token=csrf_token(token) if token is not None else None,
    )


def _membership_out(place: MembershipRow, name: str, kind: str) -> MembershipOut:
    return MembershipOut(
        id=place.id,
        party_id=place.party_id,
        party_name=name,
        party_kind=PartyKind(kind),
        roles=[Role(role) for role in place.roles],
        accepted=place.accepted_at is not None,
    )


async def membership_out(session: AsyncSession, row: MembershipRow) -> MembershipOut:
    """One of a person's places, as he sees it."""
    facts = await party_facts(session, row.party_id)
    assert facts is not None
    return _membership_out(row, facts.name, facts.kind)


def _members(party_id: UUID) -> Select[MembershipRow, UserRow]:
    return (
        select(MembershipRow, UserRow)
        .join(UserRow, UserRow.id == MembershipRow.user_id)
        .where(MembershipRow.party_id == party_id, MembershipRow.ended_at.is_(None))
    )


def _member_out(place: MembershipRow, user: UserRow) -> MemberOut:
    return MemberOut(
        id=place.id,
        user_id=user.id,
        login=user.login,
        # Whoever has not accepted yet has not shown his name to this party.
        name=user.name if place.accepted_at is not None else user.login,
        roles=[Role(role) for role in place.roles],
        job=place.job,
        region_scope=place.region_scope,
        accepted=place.accepted_at is not None,
        has_password=user.password_hash is not None,
        created_at=place.created_at,
        version=place.version,
    )


async def member(session: AsyncSession, *, party_id: UUID, membership_id: UUID) -> MemberOut:
    """One of a party's people. Raises `NotFound`."""
    found = (await session.execute(_members(party_id).where(MembershipRow.id == membership_id))).one_or_none()
    if found is None:
        raise NotFound()
    return _member_out(found[0], found[1])


async def members(
    session: AsyncSession, *, party_id: UUID, cursor: str | None, limit: int
) -> Page[MemberOut]:
    """A party's people, in the order in which they came."""
    filters = {"list": "members", "party": party_id}
    chosen = _members(party_id)
    if cursor is not None:
        chosen = chosen.where(MembershipRow.id > decode_cursor(cursor, filters, (UUID,))[0])
    rows = (await session.execute(chosen.order_by(MembershipRow.id).limit(limit + 1))).all()
    more = len(rows) > limit
    return Page(
        data=[_member_out(place, user) for place, user in rows[:limit]],
        next_cursor=encode_cursor([rows[limit - 1][0].id], filters) if more else None,
        has_more=more,
    )


def api_key_out(row: ApiKeyRow) -> ApiKeyOut:
    """A key's wire shape, without its secret."""
    return ApiKeyOut.model_validate(row)


async def api_keys(session: AsyncSession, *, actor: Actor, cursor: str | None, limit: int) -> Page[ApiKeyOut]:
    """The actor's own keys for his present party, newest first, revoked ones included."""
    filters = {"list": "api_keys", "user": actor.user_id, "party": actor.party_id}
    chosen = select(ApiKeyRow).where(ApiKeyRow.user_id == actor.user_id, ApiKeyRow.party_id == actor.party_id)
    if cursor is not None:
        chosen = chosen.where(ApiKeyRow.id < decode_cursor(cursor, filters, (UUID,))[0])
    rows = (await session.scalars(chosen.order_by(ApiKeyRow.id.desc()).limit(limit + 1))).all()
    more = len(rows) > limit
    return Page(
        data=[api_key_out(row) for row in rows[:limit]],
        next_cursor=encode_cursor([rows[limit - 1].id], filters) if more else None,
        has_more=more,
    )
