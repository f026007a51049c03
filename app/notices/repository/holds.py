"""What holds a notice's clock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.notices.states import PauseCause
from app.notices.tables import NoticeHoldRow


async def add_hold(
    session: AsyncSession,
    notice_id: UUID,
    *,
    cause: PauseCause,
    at: datetime,
    resume_min_days: int,
    note: str | None,
    objection_id: UUID | None,
) -> None:
    """Store a cause that holds the clock of a locked notice."""
    session.add(
        NoticeHoldRow(
            notice_id=notice_id,
            cause=cause,
            objection_id=objection_id,
            began_at=at,
            resume_min_days=resume_min_days,
            note=note,
        )
    )
    await session.flush()


async def end_hold(
    session: AsyncSession, notice_id: UUID, *, cause: PauseCause, objection_id: UUID | None, at: datetime
) -> bool:
    """End the open cause. False where there is none."""
    ended = await session.execute(
        update(NoticeHoldRow)
        .where(
            NoticeHoldRow.notice_id == notice_id,
            NoticeHoldRow.cause == cause,
            NoticeHoldRow.objection_id == objection_id
            if objection_id is not None
            else NoticeHoldRow.objection_id.is_(None),
            NoticeHoldRow.ended_at.is_(None),
        )
        .values(ended_at=at)
        .returning(NoticeHoldRow.id)
    )
    return bool(ended.scalars().all())


async def is_held(session: AsyncSession, notice_id: UUID) -> bool:
    """Whether any cause is open."""
    found = await session.execute(
        select(NoticeHoldRow.id)
        .where(NoticeHoldRow.notice_id == notice_id, NoticeHoldRow.ended_at.is_(None))
        .limit(1)
    )
    return found.scalar_one_or_none() is not None


async def least_days_since(session: AsyncSession, notice_id: UUID, paused_at: datetime) -> int:
    """The most working days that a cause of this standstill leaves at the least when the clock goes on."""
    found = await session.execute(
        select(func.coalesce(func.max(NoticeHoldRow.resume_min_days), 1)).where(
            NoticeHoldRow.notice_id == notice_id, NoticeHoldRow.began_at >= paused_at
        )
    )
    return int(found.scalar_one())
