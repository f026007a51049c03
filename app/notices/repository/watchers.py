"""Who wants to be told of a notice. The row's version stays: whoever watches changes nothing that others have read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.notices.tables import NoticeRow, NoticeWatcherRow


async def watch(
    session: AsyncSession, notice_id: UUID, *, user_id: UUID, party_id: UUID, at: datetime
) -> None:
    """Add a watcher, and his party to those who find the notice's events in their streams. Again changes nothing."""
    await session.execute(
        upsert(NoticeWatcherRow)
        .values(notice_id=notice_id, user_id=user_id, party_id=party_id, since=at)
        .on_conflict_do_nothing()
    )
    await session.execute(
        update(NoticeRow)
        .where(NoticeRow.id == notice_id, NoticeRow.watching.contains([party_id]).is_(False))
        .values(watching=func.array_append(NoticeRow.watching, party_id), updated_at=NoticeRow.updated_at)
    )


async def unwatch(session: AsyncSession, notice_id: UUID, *, user_id: UUID, party_id: UUID) -> None:
    """Take a watcher away; his party stops to hear with its last one."""
    await session.execute(
        delete(NoticeWatcherRow).where(
            NoticeWatcherRow.notice_id == notice_id,
            NoticeWatcherRow.user_id == user_id,
            NoticeWatcherRow.party_id == party_id,
        )
    )
    others = select(NoticeWatcherRow.user_id).where(
        NoticeWatcherRow.notice_id == notice_id, NoticeWatcherRow.party_id == party_id
    )
    await session.execute(
        update(NoticeRow)
        .where(NoticeRow.id == notice_id, ~others.exists())
        .values(watching=func.array_remove(NoticeRow.watching, party_id), updated_at=NoticeRow.updated_at)
    )
