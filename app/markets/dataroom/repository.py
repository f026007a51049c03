"""Data rooms' SQL for writing."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import NotFound
from app.markets.dataroom.tables import NdaSignatureRow, NdaTextRow, QuestionRow, RoomFileRow
from app.markets.negotiated.tables import NegotiationRow
from app.markets.registrations.joint.tables import JointMemberRow
from app.markets.registrations.states import LIVE, RegistrationStatus
from app.markets.registrations.tables import RegistrationRow

_ENDED = ("declined", "withdrawn", "expired", "lapsed", "terminated")
_TAKING_PART = (*LIVE, RegistrationStatus.WINNER, RegistrationStatus.NOT_WINNER, RegistrationStatus.DEFAULTED)
"""Registrations that were there to the end: who had one is told that the room is closed, not that there was none."""


async def takes_part(session: AsyncSession, offering_id: UUID, party_id: UUID) -> bool:
    """Whether a party has a registration that counts (or did to the end), alone or with others, or negotiates."""
    joined = select(JointMemberRow.registration_id).where(JointMemberRow.party_id == party_id)
    registered = select(RegistrationRow.id).where(
        RegistrationRow.offering_id == offering_id,
        RegistrationRow.status.in_(_TAKING_PART),
        (RegistrationRow.buyer_party_id == party_id) | RegistrationRow.id.in_(joined),
    )
    talks = select(NegotiationRow.id).where(
        NegotiationRow.offering_id == offering_id,
        NegotiationRow.buyer_party_id == party_id,
        NegotiationRow.status.not_in(_ENDED),
    )
    return bool(await session.scalar(select(registered.exists() | talks.exists())))


async def nda(session: AsyncSession, offering_id: UUID) -> NdaTextRow | None:
    """The agreement in force: the latest version."""
    return await session.scalar(
        select(NdaTextRow)
        .where(NdaTextRow.offering_id == offering_id)
        .order_by(NdaTextRow.version.desc())
        .limit(1)
    )


async def signed_version(session: AsyncSession, offering_id: UUID, party_id: UUID) -> int | None:
    """The latest version that a party has signed."""
    return await session.scalar(
        select(func.max(NdaSignatureRow.version)).where(
            NdaSignatureRow.offering_id == offering_id, NdaSignatureRow.party_id == party_id
        )
    )


async def files_in(session: AsyncSession, offering_id: UUID) -> list[RoomFileRow]:
    """The files of a data room that were not removed, in the order in which they came."""
    rows = await session.scalars(
        select(RoomFileRow)
        .where(RoomFileRow.offering_id == offering_id, RoomFileRow.removed_at.is_(None))
        .order_by(RoomFileRow.id)
    )
    return list(rows)


async def room_file(session: AsyncSession, room_file_id: UUID) -> RoomFileRow:
    """One file of a data room that was not removed. Raises `NotFound`."""
    row = await session.get(RoomFileRow, room_file_id, populate_existing=True)
    if row is None or row.removed_at is not None:
        raise NotFound()
    return row


async def offering_of_question(session: AsyncSession, question_id: UUID) -> UUID:
    """Which offering a question is about: it is locked first. Raises `NotFound`."""
    found = await session.scalar(select(QuestionRow.offering_id).where(QuestionRow.id == question_id))
    if found is None:
        raise NotFound()
    return found


async def lock_question(session: AsyncSession, question_id: UUID) -> QuestionRow:
    """A question, locked after its offering."""
    found = await session.execute(
        select(QuestionRow)
        .where(QuestionRow.id == question_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()
