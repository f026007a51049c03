"""The seeded table, and counting on it."""

from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar import queries
from app.calendar.rules import DayFact, WorkingDate


async def test_every_day_of_the_table_is_what_the_published_calendar_says(session: AsyncSession) -> None:
    rows = (await session.execute(text('SELECT "on", is_working FROM calendar_days ORDER BY "on"'))).all()
    assert (rows[0][0], rows[-1][0], len(rows)) == (date(2004, 1, 1), date(2026, 12, 31), 8401)
    assert [on for on, is_working in rows if is_working != chinese_calendar.is_workday(on)] == []


async def test_exactly_the_exceptions_to_the_week_carry_a_note(session: AsyncSession) -> None:
    rows = await session.execute(
        text(
            'SELECT count(*) FROM calendar_days WHERE (note IS NULL) = (is_working <> (extract(isodow FROM "on") < 6))'
        )
    )
    assert rows.scalar_one() == 0


async def test_a_period_is_counted_over_the_table(session: AsyncSession) -> None:
    assert await queries.add_working_days(session, date(2026, 9, 30), 3) == WorkingDate(
        date(2026, 10, 10), provisional=False
    )


async def test_the_longest_period_is_counted_in_full(session: AsyncSession) -> None:
    found = await queries.add_working_days(session, date(2025, 1, 1), 250)
    worked = [
        on for step in range(1, 400) if chinese_calendar.is_workday(on := date(2025, 1, 1) + timedelta(step))
    ]
    assert found == WorkingDate(worked[249], provisional=False)


async def test_a_period_into_an_undecided_year_is_provisional(session: AsyncSession) -> None:
    assert await queries.add_working_days(session, date(2026, 12, 31), 1) == WorkingDate(
        date(2027, 1, 1), provisional=True
    )


async def test_a_single_day_is_told_with_what_is_known_of_it(session: AsyncSession) -> None:
    assert await queries.working_day(session, date(2026, 10, 10)) == DayFact(date(2026, 10, 10), True, False)
    assert await queries.working_day(session, date(2027, 1, 1)) == DayFact(date(2027, 1, 1), True, True)
