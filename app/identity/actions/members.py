"""A party's people: brought in, given roles, and gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import null
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity import repository
from app.identity.access import Actor
from app.identity.actions.invitations import invite
from app.identity.actions.sessions import require_person
from app.identity.errors import AlreadyMember, TooMany
from app.identity.events import MembershipEnded
from app.identity.permissions import Role
from app.identity.rules.members import (
    Granter,
    Seat,
    check_changed,
    check_invitable,
    check_manager_left,
    check_may_end,
    check_roles,
    manages,
)
from app.identity.rules.secrets import fold_login
from app.identity.states import PartyKind
from app.identity.tables import MembershipRow, PartyRow, UserRow
from app.kit.errors import NotFound

MEMBERS_MAX = 500


@dataclass(frozen=True)
class NewMember:
    """Somebody to bring in."""

    login: str
    name: str
    roles: frozenset[Role]
    job: str | None
    region_scope: str | None


@dataclass(frozen=True)
class Added:
    """The new membership; an invitation for somebody who had no account."""

    membership: MembershipRow
    invitation: str | None


async def add_member(session: AsyncSession, *, actor: Actor, party_id: UUID, new: NewMember) -> Added:
    """Bring somebody in: a new account with an invitation, or an invitation to somebody who has one.

    Raises the refusals of `check_roles`, `TooMany`, `AlreadyMember`.
    """
    party = await repository.lock_party(session, party_id)
    user = await repository.user_by_login(session, fold_login(new.login))
    seat = _seat(party, user.id if user is not None else None, frozenset(), None)
    check_roles(_granter(actor), seat, new.roles, region_scope=new.region_scope)
    if await repository.count_members(session, party_id) >= MEMBERS_MAX:
        raise TooMany(limit=MEMBERS_MAX)
    invitation, place = None, None
    if user is None:
        user = UserRow(login=fold_login(new.login), name=new.name)
        session.add(user)
        await session.flush()
        invitation = await invite(session, user)
    else:
        place = await repository.membership(session, user_id=user.id, party_id=party_id)
        if place is not None and place.ended_at is None:
            raise AlreadyMember(field="/body/login")
    if place is None:
        place = MembershipRow(user_id=user.id, party_id=party_id)
        session.add(place)
    place.roles = sorted(str(role) for role in new.roles)
    place.job, place.region_scope, place.ended_at = new.job, new.region_scope, None
    if invitation is None:
        # Belonging to a party has consequences (who may bid, who may review): nobody is drawn in unasked.
        # A plain None would let the column's default, "accepted now", step in.
        place.accepted_at = null()
    await session.flush()
    return Added(membership=place, invitation=invitation)


async def accept_membership(
    session: AsyncSession, clock: Clock, *, actor: Actor, membership_id: UUID
) -> MembershipRow:
    """Accept an invitation of another party, in person.

    Raises `SessionNeeded` for a key, `NotFound` unless it is the actor's and waits.
    """
    require_person(actor)
    for place in await repository.standing(session, actor.user_id):
        if place.id == membership_id and place.accepted_at is None:
            place.accepted_at = await clock.read(session)
            await session.flush()
            repository.rights_changed(session)
            return place
    raise NotFound()


async def invite_again(session: AsyncSession, *, actor: Actor, party_id: UUID, membership_id: UUID) -> str:
    """A new invitation for somebody who has never set a password and belongs nowhere else."""
    party = await repository.lock_party(session, party_id)
    place = await repository.member_of(session, party_id=party_id, membership_id=membership_id)
    check_changed(_granter(actor), party.id, _roles(place))
    user = await repository.lock_user(session, place.user_id)
    elsewhere = len(await repository.parties_ever(session, user.id)) > 1
    check_invitable(has_password=user.password_hash is not None, elsewhere=elsewhere)
    return await invite(session, user)


async def change_member(
    session: AsyncSession,
    *,
    actor: Actor,
    party_id: UUID,
    membership_id: UUID,
    version: int,
    changes: Mapping[str, Any],
) -> MembershipRow:
    """Change somebody's roles, job or region. changes: what `MemberPatch` was given.

    Takes effect with his next request. Raises `NotFound`, `Stale`, the refusals of `check_roles`, `LastManager`.
    """
    party = await repository.lock_party(session, party_id)
    place = await repository.member_of(session, party_id=party_id, membership_id=membership_id)
    check_version(place.version, version)
    before = _roles(place)
    wanted = frozenset(changes.get("roles", before))
    scope = changes.get("region_scope", place.region_scope)
    seat = _seat(party, place.user_id, before, place.region_scope)
    check_roles(_granter(actor), seat, wanted, region_scope=scope)
    await _keep_a_manager(session, place, after=wanted)
    place.roles = sorted(str(role) for role in wanted)
    place.region_scope, place.job = scope, changes.get("job", place.job)
    await session.flush()
    repository.rights_changed(session)
    return place


async def end_membership(
    session: AsyncSession, clock: Clock, *, actor: Actor, party_id: UUID, membership_id: UUID
) -> None:
    """End a membership, another's or one's own; sessions and keys for the party end at once.

    Raises `NotFound`, `SessionNeeded`, `PermissionMissing`, `StaffRoleReserved`, `RegionScopeTooWide`, `LastManager`.
    """
    party = await repository.lock_party(session, party_id)
    place = await repository.member_of(session, party_id=party_id, membership_id=membership_id)
    check_may_end(
        _granter(actor),
        _seat(party, place.user_id, _roles(place), place.region_scope),
        actor.permissions,
        by_key=actor.via != "session",
    )
    await _keep_a_manager(session, place, after=frozenset())
    at = await clock.read(session)
    place.ended_at = at
    await repository.end_credentials(session, user_id=place.user_id, party_id=party_id)
    await outbox.record(
        session,
        MembershipEnded(subject_id=place.id, at=at, parties=(party_id,), user_id=place.user_id),
    )


async def _keep_a_manager(session: AsyncSession, place: MembershipRow, *, after: frozenset[Role]) -> None:
    others = await repository.members_besides(session, party_id=place.party_id, membership_id=place.id)
    managers = sum(manages(_roles(other)) for other in others)
    check_manager_left(before=_roles(place), after=after, other_managers=managers)


def _granter(actor: Actor) -> Granter:
    return Granter(
        user_id=actor.user_id,
        party_id=actor.party_id,
        party_kind=actor.party_kind,
        region_prefix=actor.region_prefix,
    )


def _seat(party: PartyRow, user_id: UUID | None, roles: frozenset[Role], region_scope: str | None) -> Seat:
    return Seat(
        party_id=party.id,
        party_kind=PartyKind(party.kind),
        user_id=user_id,
        roles=roles,
        region_scope=region_scope,
    )


def _roles(place: MembershipRow) -> frozenset[Role]:
    return frozenset(Role(role) for role in place.roles)
