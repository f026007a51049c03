"""The notices of sales, asked under their locks."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.notices.repository.notices import clock_of
from app.notices.rules.gate import Held, standing
from app.notices.tables import NoticeRow


async def standings(session: AsyncSession, notice_ids: Sequence[UUID], at: datetime) -> dict[UUID, Held]:
    """What these notices hold of their sales at `at`. Locks them, by id, after the sales: nothing of it changes meanwhile."""
    found = await session.scalars(
        select(NoticeRow)
        .where(NoticeRow.id.in_(notice_ids))
        .order_by(NoticeRow.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: standing(clock_of(row), at) for row in found}
