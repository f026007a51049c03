"""A year's decision, entered as a whole: by the exchange, or from a file on the server."""

import asyncio
import json
from datetime import date
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar import actions, queries
from app.calendar.errors import CalendarDayDecidedBefore, CalendarYearUnfit
from app.calendar.rules import Period, PeriodUnit, days_of_year, undecided
from app.cli.import_calendar import command
from app.db.clock import Clock
from app.db.session import Database
from app.embedded import ServersFault
from app.identity.permissions import Role
from tests.factories.identity import make_member

OFF, WORKED = [date(2027, 1, 1), date(2027, 2, 8)], [date(2027, 2, 6)]
BODY = {
    "year": 2027,
    "days_off": [str(on) for on in OFF],
    "days_worked": [str(on) for on in WORKED],
    "source": "国办发明电〔2026〕9号",
}


def test_a_year_is_the_ordinary_week_with_what_its_notice_changes() -> None:
    year = days_of_year(2027, OFF, WORKED)
    assert len(year) == 365
    assert [on for on, works in year.items() if works is not (on.weekday() < 5)] == sorted(OFF + WORKED)
    assert len(days_of_year(2028, [], [])) == 366


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        ([date(2026, 1, 1)], []),
        ([date(2027, 1, 2)], []),
        ([date(2027, 1, 1), date(2027, 1, 1)], []),
        ([], [date(2027, 1, 4)]),
        ([], [date(2028, 1, 1)]),
    ],
    ids=["another year", "off anyway", "twice", "worked anyway", "another year's weekend"],
)
def test_a_year_with_a_day_that_does_not_fit_is_refused(off: list[date], worked: list[date]) -> None:
    with pytest.raises(CalendarYearUnfit):
        days_of_year(2027, off, worked)


def test_days_decided_before_stay_and_are_not_decided_otherwise() -> None:
    year = days_of_year(2027, OFF, WORKED)
    first = date(2027, 1, 1)
    assert undecided({first: False}, year) == {on: works for on, works in year.items() if on != first}
    for known in ({first: True}, year):
        with pytest.raises(CalendarDayDecidedBefore):
            undecided(known, year)


async def test_what_was_provisional_is_known_once_the_year_is_decided(session: AsyncSession) -> None:
    asked = {
        "start_on": date(2026, 12, 18),
        "period": Period(10, PeriodUnit.WORKING_DAY),
        "cutoff_minute": 1_020,
    }
    before = await queries.period_end(session, **asked)  # type: ignore[arg-type]
    assert (before.on, before.provisional) == (date(2027, 1, 1), True)
    new = await actions.decide_year(
        session, Clock(), year=2027, days_off=OFF, days_worked=WORKED, source="通知", entered_by=None
    )
    after = await queries.period_end(session, **asked)  # type: ignore[arg-type]
    assert (new, after.on, after.provisional) == (365, date(2027, 1, 4), False)
    assert after.calendar_no > before.calendar_no
    assert await queries.horizon(session, date(2026, 11, 25)) == date(2027, 12, 31)


async def test_the_exchange_enters_a_year_once_and_everybody_hears_of_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        operator = await make_member(session, Role.OPERATOR)
    unfit = await client.post(
        "/v1/calendar-years", json=BODY | {"days_off": ["2027-01-02"]}, headers=operator.headers
    )
    assert (unfit.status_code, unfit.json()["code"]) == (422, "calendar_year_unfit")
    told = await client.post("/v1/calendar-years", json=BODY, headers=operator.headers)
    assert (told.status_code, told.json()) == (
        201,
        {"year": 2027, "days_new": 365, "source": "国办发明电〔2026〕9号"},
    )
    again = await client.post("/v1/calendar-years", json=BODY, headers=operator.headers)
    assert (again.status_code, again.json()["code"]) == (409, "calendar_day_decided_before")
    async with database.transaction() as session:
        kinds = await session.scalars(
            text("SELECT kind FROM events WHERE kind LIKE 'calendar.%' ORDER BY id DESC LIMIT 1")
        )
        assert kinds.all() == ["calendar.year_decided"]
    seen = await client.get("/v1/calendar", params={"from_on": "2027-02-06", "to_on": "2027-02-08"})
    assert [day["is_working"] for day in seen.json()["data"]] == [True, False, False]
    assert seen.json()["horizon_on"] == "2027-12-31"


async def test_a_year_is_imported_from_a_file_on_the_server(
    database_url: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    file = tmp_path / "2029.json"
    file.write_text(json.dumps({"days_off": ["2029-01-01"], "days_worked": [], "source": "通知"}))
    await asyncio.to_thread(command, 2029, file)
    async with database.transaction() as session:
        assert not (await queries.working_day(session, date(2029, 1, 1))).is_working
        assert not (await queries.working_day(session, date(2029, 6, 1))).provisional
    with pytest.raises(ServersFault):
        await asyncio.to_thread(command, 2029, file)
    file.write_text("{}")
    with pytest.raises(ServersFault):
        await asyncio.to_thread(command, 2030, file)
