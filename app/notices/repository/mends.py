"""Loading and storing mends. A mend is locked after its notice."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import NotFound
from app.notices.states import MendStatus
from app.notices.tables import NoticeMendRow


async def open_mend(session: AsyncSession, notice_id: UUID) -> NoticeMendRow | None:
    """The mend of a notice that waits to be decided."""
    found = await session.execute(
        select(NoticeMendRow).where(
            NoticeMendRow.notice_id == notice_id, NoticeMendRow.status == MendStatus.PROPOSED
        )
    )
    return found.scalar_one_or_none()


async def add_mend(session: AsyncSession, row: NoticeMendRow) -> NoticeMendRow:
    """Store what was proposed."""
    session.add(row)
    await session.flush()
    return row


async def notice_of_mend(session: AsyncSession, mend_id: UUID) -> UUID:
    """The notice of a mend: its row is locked first. Raises `NotFound`."""
    found = await session.execute(select(NoticeMendRow.notice_id).where(NoticeMendRow.id == mend_id))
    notice_id = found.scalar_one_or_none()
    if notice_id is None:
        raise NotFound()
    return notice_id


async def lock_mend(session: AsyncSession, mend_id: UUID) -> NoticeMendRow:
    """A mend, locked after its notice."""
    found = await session.execute(
        select(NoticeMendRow)
        .where(NoticeMendRow.id == mend_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()
