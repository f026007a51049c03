"""Reading registrations: one's own, and, written down each time, everybody's for those who decide on them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.identity.states import ReviewStatus
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut
from app.markets.registrations import repository
from app.markets.registrations.joint.schemas import JointMemberOut
from app.markets.registrations.joint.tables import JointMemberRow
from app.markets.registrations.schemas import (
    RegistrantOut,
    RegistrantPage,
    RegistrationOut,
    RegistrationPage,
)
from app.markets.registrations.states import RegistrationStatus
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import OfferingRow
from app.settlement.queries import Deposit, deposits_of


def _mine(actor: Actor) -> Select[RegistrationRow, OfferingRow]:
    """Those that the party leads, and those in which it buys with others."""
    member = exists().where(
        JointMemberRow.registration_id == RegistrationRow.id, JointMemberRow.party_id == actor.party_id
    )
    return (
        select(RegistrationRow, OfferingRow)
        .join(OfferingRow, OfferingRow.id == RegistrationRow.offering_id)
        .where(or_(RegistrationRow.buyer_party_id == actor.party_id, member))
        .execution_options(populate_existing=True)
    )


async def list_mine(
    session: AsyncSession,
    *,
    actor: Actor,
    offering_id: UUID | None,
    status: RegistrationStatus | None,
    cursor: str | None,
    limit: int,
) -> RegistrationPage:
    """The registrations of the caller's party, the latest first."""
    filters = {"mine": actor.party_id, "offering": offering_id, "status": status}
    statement = _mine(actor)
    if offering_id is not None:
        statement = statement.where(RegistrationRow.offering_id == offering_id)
    if status is not None:
        statement = statement.where(RegistrationRow.status == status)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, filters, (UUID,))
        statement = statement.where(RegistrationRow.id < last_id)
    rows = list(await session.execute(statement.order_by(RegistrationRow.id.desc()).limit(limit + 1)))
    shown, more = rows[:limit], len(rows) > limit
    ids = [row.id for row, _ in shown]
    deposits, joint = await deposits_of(session, ids), await _joint(session, ids)
    return RegistrationPage(
        data=[_own(row, sale, deposits.get(row.id), joint.get(row.id, [])) for row, sale in shown],
        next_cursor=encode_cursor([shown[-1][0].id], filters) if more else None,
        has_more=more,
    )


async def mine(session: AsyncSession, *, actor: Actor, registration_id: UUID) -> RegistrationOut:
    """One registration of the caller's party. Raises `NotFound` for anybody else's."""
    found = (await session.execute(_mine(actor).where(RegistrationRow.id == registration_id))).one_or_none()
    if found is None:
        raise NotFound()
    row, sale = found
    joint = await _joint(session, [row.id])
    return _own(row, sale, (await deposits_of(session, [row.id])).get(row.id), joint.get(row.id, []))


async def _joint(session: AsyncSession, registration_ids: Sequence[UUID]) -> dict[UUID, list[JointMemberOut]]:
    """The joint buyers of registrations, the lead first; none for who registered alone."""
    found = await session.execute(
        select(JointMemberRow, PartyRow.name)
        .join(PartyRow, PartyRow.id == JointMemberRow.party_id)
        .where(JointMemberRow.registration_id.in_(registration_ids))
        .order_by(JointMemberRow.registration_id, JointMemberRow.position)
    )
    told: dict[UUID, list[JointMemberOut]] = {}
    for row, name in found:
        told.setdefault(row.registration_id, []).append(
            JointMemberOut(
                party_id=row.party_id, name=name, share_bp=row.share_bp, consented_at=row.consented_at
            )
        )
    return told


def _own(
    row: RegistrationRow, sale: OfferingRow, deposit: Deposit | None, joint: list[JointMemberOut]
) -> RegistrationOut:
    return RegistrationOut(
        **_common(row, deposit),
        offering_number=sale.number,
        offering_title=sale.title,
        path=sale.path,
        quote=MoneyOut.of(row.quote_minor) if row.quote_minor is not None else None,
        agent_user_id=row.agent_user_id,
        agent_limit=MoneyOut.of(row.agent_limit_minor) if row.agent_limit_minor is not None else None,
        joint_members=joint,
        deposit_due_at=deposit.due_at if deposit else None,
        bidder_code=row.bidder_code,
    )


def _common(row: RegistrationRow, deposit: Deposit | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "version": row.version,
        "offering_id": row.offering_id,
        "status": row.status,
        "agent_name": row.agent_name,
        "agent_phone": row.agent_phone,
        "note": row.note,
        "deposit": MoneyOut.of(row.deposit_minor),
        "deposit_number": deposit.number if deposit else None,
        "deposit_status": deposit.status if deposit else None,
        "passed": row.passed,
        "decided_at": row.decided_at,
        "decision_reason": row.decision_reason,
        "created_at": row.created_at,
    }


def _registrants(actor: Actor) -> Select[RegistrationRow, str, str]:
    """Everybody's, in the clerk's region, for sales of parties to which he does not belong."""
    if not (actor.may(Permission.REGISTRATION_REVIEW) or actor.may(Permission.ARRIVAL_CONFIRM)):
        raise PermissionMissing(permission=str(Permission.REGISTRATION_REVIEW))
    return (
        select(RegistrationRow, PartyRow.name, PartyRow.status)
        .join(OfferingRow, OfferingRow.id == RegistrationRow.offering_id)
        .join(PartyRow, PartyRow.id == RegistrationRow.buyer_party_id)
        .where(
            OfferingRow.region_code.startswith(actor.region_prefix),
            OfferingRow.seller_party_id.not_in({actor.party_id, *actor.parties}),
        )
        .execution_options(populate_existing=True)
    )


async def list_registrants(
    session: AsyncSession,
    *,
    actor: Actor,
    offering_id: UUID | None,
    status: RegistrationStatus | None,
    cursor: str | None,
    limit: int,
) -> RegistrantPage:
    """Who has registered, for the qualification clerk and finance, the first one first. The read is written down."""
    filters = {"offering": offering_id, "status": status}
    statement = _registrants(actor)
    if offering_id is not None:
        statement = statement.where(RegistrationRow.offering_id == offering_id)
    if status is not None:
        statement = statement.where(RegistrationRow.status == status)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, filters, (UUID,))
        statement = statement.where(RegistrationRow.id > last_id)
    rows = list(await session.execute(statement.order_by(RegistrationRow.id).limit(limit + 1)))
    shown, more = rows[:limit], len(rows) > limit
    ids = [row.id for row, _, _ in shown]
    deposits, joint = await deposits_of(session, ids), await _joint(session, ids)
    await repository.note_read(
        session,
        user_id=actor.user_id,
        offering_id=offering_id if shown else None,
        registration_ids=[row.id for row, _, _ in shown],
    )
    return RegistrantPage(
        data=[_registrant(*found, deposits.get(found[0].id), joint.get(found[0].id, [])) for found in shown],
        next_cursor=encode_cursor([shown[-1][0].id], filters) if more else None,
        has_more=more,
    )


async def registrant(session: AsyncSession, *, actor: Actor, registration_id: UUID) -> RegistrantOut:
    """One registration for the qualification clerk and finance. The read is written down."""
    found = (
        await session.execute(_registrants(actor).where(RegistrationRow.id == registration_id))
    ).one_or_none()
    if found is None:
        raise NotFound()
    row, name, status = found
    await repository.note_read(
        session, user_id=actor.user_id, offering_id=row.offering_id, registration_ids=[row.id]
    )
    joint = await _joint(session, [row.id])
    deposit = (await deposits_of(session, [row.id])).get(row.id)
    return _registrant(row, name, status, deposit, joint.get(row.id, []))


def _registrant(
    row: RegistrationRow, name: str, status: str, deposit: Deposit | None, joint: list[JointMemberOut]
) -> RegistrantOut:
    return RegistrantOut(
        **_common(row, deposit),
        buyer_party_id=row.buyer_party_id,
        buyer_name=name,
        joint_members=joint,
        buyer_reviewed=status == ReviewStatus.APPROVED,
    )
