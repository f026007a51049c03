"""The calendar's SQL for writing."""

from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar.tables import CalendarDayRow


async def put_day(
    session: AsyncSession, *, on: date, is_working: bool, note: str | None, source: str, entered_by: UUID
) -> None:
    """Store a decided day, whether or not it was there before."""
    decided = {"is_working": is_working, "note": note, "source": source, "entered_by": entered_by}
    await session.execute(
        insert(CalendarDayRow)
        .values(on=on, **decided)
        .on_conflict_do_update(index_elements=["on"], set_={**decided, "updated_at": func.market_now()})
    )
