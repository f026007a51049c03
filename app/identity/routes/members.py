"""`/v1/parties/{party_id}/members`: a party's people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from app.http.etags import IfMatch, PreconditionRequired, etag
from app.http.idempotency import hide_from_replay
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity import actions, queries
from app.identity.access import Actor, Idempotent, SignedIn, require
from app.identity.actions.members import NewMember
from app.identity.errors import (
    AlreadyMember,
    InvitationUsed,
    LastManager,
    OwnRolesFixed,
    PermissionMissing,
    RegionScopeTooWide,
    RolesIncompatible,
    RoleUnfit,
    SessionNeeded,
    StaffRoleReserved,
    TooMany,
)
from app.identity.permissions import Permission
from app.identity.routes.wiring import Cursor, Limit
from app.identity.rules.members import check_manages
from app.identity.schemas import (
    InvitationOut,
    MemberAddedOut,
    MemberIn,
    MemberOut,
    MemberPatch,
)
from app.kit.errors import NotFound, Stale, Unauthenticated
from app.kit.paging import CursorInvalid
from app.kit.schemas import Page

router = APIRouter(prefix="/v1/parties/{id}", route_class=TransactionalRoute, tags=["members"])

MembershipId = Annotated[UUID, Path(description="The membership.")]
PartyId = Annotated[UUID, Path(alias="id", description="The organisation.")]

GRANTING = (
    Unauthenticated,
    PermissionMissing,
    OwnRolesFixed,
    StaffRoleReserved,
    RegionScopeTooWide,
    NotFound,
    RoleUnfit,
    RolesIncompatible,
)


def _manager(party_id: PartyId, actor: Annotated[Actor, Depends(require(Permission.MEMBER_MANAGE))]) -> Actor:
    """A manager of this party, or the exchange's; another party is as if it were not there."""
    check_manages(actor.party_id, actor.party_kind, party_id)
    return actor


def _own(party_id: PartyId, actor: SignedIn) -> Actor:
    check_manages(actor.party_id, actor.party_kind, party_id)
    return actor


Manager = Annotated[Actor, Depends(_manager)]
Belonging = Annotated[Actor, Depends(_own)]


@router.get("/members", responses=refusals(Unauthenticated, PermissionMissing, NotFound, CursorInvalid))
async def list_members(
    party_id: PartyId, _actor: Manager, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[MemberOut]:
    """The party's people, invited ones included."""
    return await queries.members(session, party_id=party_id, cursor=cursor, limit=limit)


@router.get("/members/{membership_id}", responses=refusals(Unauthenticated, PermissionMissing, NotFound))
async def read_member(
    party_id: PartyId, membership_id: MembershipId, _actor: Manager, session: Session, response: Response
) -> MemberOut:
    """One of the party's people."""
    member = await queries.member(session, party_id=party_id, membership_id=membership_id)
    etag(response, member.version)
    return member


@router.post(
    "/members",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*GRANTING, AlreadyMember, TooMany),
)
async def add_member(
    party_id: PartyId, body: MemberIn, actor: Manager, session: Session, request: Request, response: Response
) -> MemberAddedOut:
    """Bring somebody in. A new account comes with an invitation to hand over; an existing one must accept."""
    new = NewMember(
        login=body.login,
        name=body.name,
        roles=frozenset(body.roles),
        job=body.job,
        region_scope=body.region_scope,
    )
    added = await actions.add_member(session, actor=actor, party_id=party_id, new=new)
    hide_from_replay(request, "invitation")
    member = await queries.member(session, party_id=party_id, membership_id=added.membership.id)
    etag(response, member.version)
    response.headers["Location"] = f"/v1/parties/{party_id}/members/{member.id}"
    return MemberAddedOut(member=member, invitation=added.invitation)


@router.post(
    "/members/{membership_id}/invitation",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(Unauthenticated, PermissionMissing, StaffRoleReserved, NotFound, InvitationUsed),
)
async def invite_again(
    party_id: PartyId, membership_id: MembershipId, actor: Manager, session: Session, request: Request
) -> InvitationOut:
    """A new invitation for somebody who has not set a password yet; the earlier one no longer counts."""
    invitation = await actions.invite_again(
        session, actor=actor, party_id=party_id, membership_id=membership_id
    )
    hide_from_replay(request, "invitation")
    return InvitationOut(invitation=invitation)


@router.patch(
    "/members/{membership_id}",
    dependencies=[Idempotent],
    responses=refusals(*GRANTING, LastManager, Stale, PreconditionRequired),
)
async def change_member(
    party_id: PartyId,
    membership_id: MembershipId,
    body: MemberPatch,
    actor: Manager,
    version: IfMatch,
    session: Session,
    response: Response,
) -> MemberOut:
    """Change somebody's roles, job or region; it counts from his next request on."""
    await actions.change_member(
        session,
        actor=actor,
        party_id=party_id,
        membership_id=membership_id,
        version=version,
        changes=body.model_dump(exclude_unset=True),
    )
    member = await queries.member(session, party_id=party_id, membership_id=membership_id)
    etag(response, member.version)
    return member


@router.delete(
    "/members/{membership_id}",
    status_code=204,
    dependencies=[Idempotent],
    responses=refusals(
        Unauthenticated,
        SessionNeeded,
        PermissionMissing,
        StaffRoleReserved,
        RegionScopeTooWide,
        NotFound,
        LastManager,
    ),
)
async def end_membership(
    party_id: PartyId, membership_id: MembershipId, actor: Belonging, session: Session, clock: ClockDep
) -> None:
    """End a membership, somebody's or one's own: his sessions and keys for the party end at once."""
    await actions.end_membership(session, clock, actor=actor, party_id=party_id, membership_id=membership_id)
