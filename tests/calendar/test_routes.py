"""`/v1/calendar` over HTTP."""

import httpx
import pytest
from sqlalchemy import text

from app.db.session import Database
from app.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from tests.factories.identity import make_member

NOTICE = {"is_working": False, "note": "元旦", "source": "国办发明电〔2026〕9号"}


async def test_anybody_may_read_the_calendar(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/calendar", params={"from_on": "2026-10-09", "to_on": "2026-10-11"})
    assert answer.status_code == 200
    assert [
        (day["on"], day["is_working"], day["provisional"], day["note"]) for day in answer.json()["data"]
    ] == [
        ("2026-10-09", True, False, None),
        ("2026-10-10", True, False, "国庆节调休上班"),
        ("2026-10-11", False, False, None),
    ]


async def test_days_that_nobody_has_decided_are_marked(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/calendar", params={"from_on": "2031-01-01", "to_on": "2031-01-01"})
    assert answer.json()["data"] == [
        {"on": "2031-01-01", "is_working": True, "provisional": True, "note": None, "source": None}
    ]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-01-02", "2026-01-01", "calendar_range_invalid"),
        ("2026-01-01", "2027-06-01", "calendar_range_invalid"),
        ("yesterday", "2026-01-01", "input_invalid"),
        ("2026-02-30", "2026-03-01", "input_invalid"),
        ("0001-01-01", "9999-12-31", "calendar_range_invalid"),
    ],
)
async def test_a_range_that_means_nothing_is_refused(
    client: httpx.AsyncClient, first: str, last: str, code: str
) -> None:
    answer = await client.get("/v1/calendar", params={"from_on": first, "to_on": last})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_the_last_day_of_python_is_answered(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/calendar", params={"from_on": "9999-12-30", "to_on": "9999-12-31"})
    assert answer.status_code == 200


async def test_an_operator_decides_a_day_and_the_event_tells_of_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        operator = await make_member(session, Role.OPERATOR)
    answer = await client.put("/v1/calendar/2028-01-03", json=NOTICE, headers=operator.headers)
    assert answer.status_code == 200
    assert answer.json() == {"on": "2028-01-03", "is_working": False, "provisional": False} | {
        name: NOTICE[name] for name in ("note", "source")
    }
    corrected = await client.put(
        "/v1/calendar/2028-01-03", json=NOTICE | {"is_working": True, "note": None}, headers=operator.headers
    )
    assert (corrected.json()["is_working"], corrected.json()["note"]) == (True, None)
    async with database.transaction() as session:
        rows = await session.execute(
            text(
                "SELECT payload ->> 'on', payload ->> 'is_working', public FROM events"
                " WHERE kind = 'calendar.day_decided' AND payload ->> 'on' = '2028-01-03' ORDER BY id"
            )
        )
        assert [tuple(row) for row in rows] == [("2028-01-03", "false", True), ("2028-01-03", "true", True)]


@pytest.mark.parametrize(
    "role", [role for role in Role if Permission.CALENDAR_EDIT not in ROLE_PERMISSIONS[role]]
)
async def test_nobody_else_decides_days(client: httpx.AsyncClient, database: Database, role: Role) -> None:
    async with database.transaction() as session:
        member = await make_member(session, role)
    answer = await client.put("/v1/calendar/2029-01-01", json=NOTICE, headers=member.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
    async with database.transaction() as session:
        found = await session.execute(text("SELECT 1 FROM calendar_days WHERE \"on\" = '2029-01-01'"))
        assert found.first() is None


async def test_a_visitor_decides_no_day(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/calendar/2029-01-01", json=NOTICE)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("on", "change", "pointer"),
    [
        ("2003-12-31", {}, "/path/on"),
        ("2100-01-01", {}, "/path/on"),
        ("2029-02-29", {}, "/path/on"),
        ("2029-01-01", {"is_working": "maybe"}, "/body/is_working"),
        ("2029-01-01", {"source": ""}, "/body/source"),
        ("2029-01-01", {"note": "a\u0000b"}, "/body/note"),
        ("2029-01-01", {"provisional": False}, "/body/provisional"),
    ],
)
async def test_a_wrong_decision_names_the_field(
    client: httpx.AsyncClient, database: Database, on: str, change: dict[str, object], pointer: str
) -> None:
    async with database.transaction() as session:
        operator = await make_member(session, Role.OPERATOR)
    answer = await client.put(f"/v1/calendar/{on}", json=NOTICE | change, headers=operator.headers)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
