"""Loading and locking objections. An objection is locked after its notice."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.states import PartyKind
from app.kit.errors import NotFound
from app.notices.states import UNDECIDED
from app.notices.tables import ObjectionFileRow, ObjectionRow


async def add_objection(session: AsyncSession, row: ObjectionRow, file_ids: Sequence[UUID]) -> ObjectionRow:
    """Store an objection with its evidence."""
    session.add(row)
    await session.flush()
    session.add_all(
        ObjectionFileRow(objection_id=row.id, file_id=file_id, position=position)
        for position, file_id in enumerate(file_ids, 1)
    )
    await session.flush()
    return row


async def undecided_of(session: AsyncSession, notice_id: UUID, party_id: UUID) -> UUID | None:
    """The undecided objection of a party to a notice."""
    found = await session.execute(
        select(ObjectionRow.id).where(
            ObjectionRow.notice_id == notice_id,
            ObjectionRow.filer_party_id == party_id,
            ObjectionRow.status.in_(UNDECIDED),
        )
    )
    return found.scalar_one_or_none()


async def notice_of_objection(session: AsyncSession, objection_id: UUID, actor: Actor) -> UUID:
    """The notice of an objection that the actor may see: its row is locked first. Raises `NotFound`."""
    row = await session.get(ObjectionRow, objection_id)
    if row is None or not may_see(row, actor):
        raise NotFound()
    return row.notice_id


def may_see(row: ObjectionRow, actor: Actor) -> bool:
    """Whoever filed it, whoever handles it where it was filed, staff and overseers of the region."""
    if row.filer_party_id == actor.party_id:
        return True
    if row.owner_party_id == actor.party_id:
        return actor.may(Permission.OBJECTION_HANDLE)
    here = row.region_code.startswith(actor.region_prefix)
    staff = actor.party_kind is PartyKind.EXCHANGE and actor.may(Permission.OBJECTION_HANDLE)
    return here and (staff or actor.may(Permission.READ_ALL) or actor.may(Permission.OBJECTION_REVIEW))


async def lock_objection(session: AsyncSession, objection_id: UUID) -> ObjectionRow:
    """An objection, locked after its notice."""
    found = await session.execute(
        select(ObjectionRow)
        .where(ObjectionRow.id == objection_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def take_overdue(session: AsyncSession) -> ObjectionRow | None:
    """One objection whose deadline is over, locked; rows that somebody else holds are passed over."""
    found = await session.execute(
        select(ObjectionRow)
        .where(ObjectionRow.next_due_at <= text("market_now()"))
        .where((ObjectionRow.retry_at.is_(None)) | (ObjectionRow.retry_at <= text("clock_timestamp()")))
        .order_by(ObjectionRow.next_due_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def take_uncounted_objection(session: AsyncSession) -> ObjectionRow | None:
    """One undecided objection whose deadlines were provisional by an older calendar, locked."""
    found = await session.execute(
        select(ObjectionRow)
        .where(ObjectionRow.provisional, ObjectionRow.status.in_(UNDECIDED))
        .where(ObjectionRow.calendar_no < text("(SELECT coalesce(max(no), 0) FROM calendar_revisions)"))
        .order_by(ObjectionRow.id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()
