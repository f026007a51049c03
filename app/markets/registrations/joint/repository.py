"""Loading and saving joint members, after the lock of their offering."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.tables import PartyRow
from app.markets.registrations.joint.rules import Share
from app.markets.registrations.joint.tables import JointMemberRow
from app.markets.registrations.tables import RegistrationRow


async def members_of(session: AsyncSession, registration_id: UUID) -> Sequence[JointMemberRow]:
    """The members of a registration, the lead first; none for a buyer who registered alone."""
    found = await session.scalars(
        select(JointMemberRow)
        .where(JointMemberRow.registration_id == registration_id)
        .order_by(JointMemberRow.position)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def taken(session: AsyncSession, offering_id: UUID, party_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the parties that have registered for an offering, alone, as a lead or as a member."""
    leads = await session.scalars(
        select(RegistrationRow.buyer_party_id).where(
            RegistrationRow.offering_id == offering_id, RegistrationRow.buyer_party_id.in_(party_ids)
        )
    )
    members = await session.scalars(
        select(JointMemberRow.party_id).where(
            JointMemberRow.offering_id == offering_id,
            JointMemberRow.party_id.in_(party_ids),
            JointMemberRow.ended_at.is_(None),
        )
    )
    return frozenset(leads) | frozenset(members)


async def known(session: AsyncSession, party_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the parties that exist."""
    return frozenset(await session.scalars(select(PartyRow.id).where(PartyRow.id.in_(party_ids))))


async def statuses(session: AsyncSession, party_ids: Collection[UUID]) -> frozenset[str]:
    """How the reviews of parties stand."""
    return frozenset(await session.scalars(select(PartyRow.status).where(PartyRow.id.in_(party_ids))))


async def add(
    session: AsyncSession,
    row: RegistrationRow,
    shares: Sequence[Share],
    *,
    consented_by: UUID,
    at: datetime,
) -> None:
    """Store the members of a new registration. The lead's registering is its consent."""
    others = [share for share in shares if share.party_id != row.buyer_party_id]
    lead = next(share for share in shares if share.party_id == row.buyer_party_id)
    for position, share in enumerate((lead, *others), start=1):
        leads = position == 1
        session.add(
            JointMemberRow(
                registration_id=row.id,
                position=position,
                offering_id=row.offering_id,
                party_id=share.party_id,
                share_bp=share.share_bp,
                consented_at=at if leads else None,
                consented_by=consented_by if leads else None,
            )
        )
    await session.flush()


async def free(session: AsyncSession, registration_id: UUID, at: datetime) -> None:
    """Let the members of a registration that was taken back register anew."""
    await session.execute(
        update(JointMemberRow).where(JointMemberRow.registration_id == registration_id).values(ended_at=at)
    )
