"""The calendar's SQL for writing."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar.tables import CalendarDayRow, CalendarRevisionRow


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


async def one_at_a_time(session: AsyncSession) -> None:
    """Whoever changes the calendar waits for whoever is changing it."""
    await session.execute(text("LOCK TABLE calendar_revisions IN SHARE ROW EXCLUSIVE MODE"))


async def add_days(
    session: AsyncSession, days: Mapping[date, bool], *, source: str, entered_by: UUID | None
) -> None:
    """Store days that nobody has decided yet."""
    await session.execute(
        insert(CalendarDayRow),
        [
            {"on": on, "is_working": works, "source": source, "entered_by": entered_by}
            for on, works in days.items()
        ],
    )


async def add_revision(
    session: AsyncSession,
    *,
    at: datetime,
    first_on: date,
    last_on: date,
    source: str,
    entered_by: UUID | None,
) -> int:
    """Give a change of the calendar its number; changes take theirs one after another, and commit in that order."""
    await one_at_a_time(session)
    row = CalendarRevisionRow(at=at, first_on=first_on, last_on=last_on, source=source, entered_by=entered_by)
    session.add(row)
    await session.flush()
    return row.no
