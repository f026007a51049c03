"""Notices over HTTP: everybody reads them, two persons mend them, named parties object."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind, ReviewStatus
from app.identity.tables import PartyRow
from app.kit.ids import new_id
from app.notices.tables import NoticeRow
from tests.factories.identity import Member, make_member
from tests.factories.notices import BOTH, make_notice
from tests.fuzz.notices import DECISION, OBJECTION


@dataclass
class Here:
    """A unit with its officer and leader, an objector, and one running notice."""

    officer: Member
    leader: Member
    objector: Member
    notice: NoticeRow


@pytest.fixture
async def here(database: Database) -> AsyncIterator[Here]:
    async with database.transaction() as session:
        officer = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
        party = await session.get_one(PartyRow, officer.party_id)
        leader = await make_member(session, Role.ORG_LEADER, party=party)
        objector = await make_member(session, Role.ENTERPRISE_USER)
        notice = await make_notice(session, officer)
    yield Here(officer, leader, objector, notice)


async def _post(
    client: httpx.AsyncClient, path: str, by: Member, body: Any = None, version: int = 1
) -> httpx.Response:
    headers = {**by.headers, "If-Match": f'"v{version}"', "Idempotency-Key": str(new_id())}
    return await client.post(path, json=body, headers=headers)


async def test_anybody_reads_a_notice_with_its_clock(client: httpx.AsyncClient, here: Here) -> None:
    told = (await client.get(f"/v1/notices/{here.notice.id}")).json()
    assert (told["status"], told["ends_local"], told["open_objections"]) == ("running", "24:00", 0)
    assert [field["name"] for field in told["content"]][:2] == ["title", "abstract"]
    assert "<dt>拟交易价格</dt><dd>一次总付 800,000.00 元</dd>" in told["page"]
    listed = (await client.get("/v1/notices", params={"owner_party_id": told["owner_party_id"]})).json()
    assert [line["id"] for line in listed["data"]] == [told["id"]]


async def test_a_mend_goes_from_one_person_to_another_and_its_difference_is_public(
    client: httpx.AsyncClient, here: Here
) -> None:
    path = f"/v1/notices/{here.notice.id}"
    mend = {"kind": "correction", "fields": {"contact": "王老师 0571-88880002"}, "reason": "电话有误"}
    version = (await client.get(path)).json()["version"]
    made = await _post(client, f"{path}/mends", here.officer, mend, version)
    assert made.status_code == 201, made.text
    mends = await client.get("/v1/notice-mends?status=proposed", headers=here.leader.headers)
    assert [one["id"] for one in mends.json()["data"]] == [made.json()["id"]]
    decision = f"/v1/notice-mends/{made.json()['id']}/confirmation"
    assert (await _post(client, decision, here.leader)).json()["status"] == "confirmed"
    revisions = (await client.get(f"{path}/revisions")).json()["data"]
    assert [(one["before"], one["after"]) for one in revisions[0]["differences"]] == [
        ("王老师 0571-88880001", "王老师 0571-88880002")
    ]
    assert (await client.get(path)).json()["revision"] == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "change"}, "mend_needs_new_notice"),
        ({"fields": {"price": "1.00"}}, "mend_price_never_correction"),
        ({"fields": {"contact": 1.5}}, "input_invalid"),
        ({"fields": {"contact": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}}}, "input_invalid"),
        ({"fields": {"contact": 2**60}}, "input_invalid"),
    ],
)
async def test_a_mend_that_cannot_be_is_refused(
    client: httpx.AsyncClient, here: Here, changed: dict[str, Any], code: str
) -> None:
    mend = {"kind": "correction", "fields": {"contact": "新电话"}, "reason": "电话有误"} | changed
    version = (await client.get(f"/v1/notices/{here.notice.id}")).json()["version"]
    answer = await _post(client, f"/v1/notices/{here.notice.id}/mends", here.officer, mend, version)
    assert answer.json()["code"] == code


async def test_an_objection_is_seen_by_those_whom_it_concerns(
    client: httpx.AsyncClient, here: Here, database: Database
) -> None:
    path = f"/v1/notices/{here.notice.id}/objections"
    filed = await _post(client, path, here.objector, OBJECTION)
    assert filed.status_code == 201, filed.text
    own = f"/v1/objections/{filed.json()['id']}"
    async with database.transaction() as session:
        stranger = await make_member(session, Role.ENTERPRISE_USER)
        unchecked = await make_member(session, Role.ENTERPRISE_USER, status=ReviewStatus.PENDING)
    assert (await client.get(own, headers=stranger.headers)).status_code == 404
    assert (await client.get(own, headers=here.leader.headers)).json()["filer_name"] == "王某"
    assert (await _post(client, path, unchecked, OBJECTION)).json()["code"] == "party_not_reviewed"
    assert (await _post(client, f"{own}/acceptance", here.officer)).json()["code"] == (
        "objection_handler_concerned"
    )
    accepted = await _post(client, f"{own}/acceptance", here.leader)
    assert accepted.json()["status"] == "accepted"
    told = (await client.get(f"/v1/notices/{here.notice.id}")).json()
    assert (told["status"], told["open_objections"]) == ("paused", 1)
    assert [pause["cause"] for pause in told["pauses"]] == ["objection"]
    version = accepted.json()["version"]
    decided = await _post(client, f"{own}/decision", here.leader, DECISION, version)
    assert decided.json()["status"] == "dismissed"
    assert (await client.get(f"/v1/notices/{here.notice.id}")).json()["status"] == "running"


async def test_a_watcher_finds_what_happens_and_can_leave(
    client: httpx.AsyncClient, here: Here, database: Database
) -> None:
    path = f"/v1/notices/{here.notice.id}/watch"
    headers = here.objector.headers
    assert (await client.put(path, headers=headers)).json()["is_watched"] is True
    assert (await client.put(path, headers=headers)).json()["is_watched"] is True
    async with database.transaction() as session:
        row = await session.get_one(NoticeRow, here.notice.id)
        assert row.watching == [here.objector.party_id]
    assert (await client.delete(path, headers=headers)).json()["is_watched"] is False
    async with database.transaction() as session:
        assert (await session.get_one(NoticeRow, here.notice.id)).watching == []


async def test_the_press_needs_a_scan(client: httpx.AsyncClient, here: Here, database: Database) -> None:
    async with database.transaction() as session:
        waiting = await make_notice(session, here.officer, places=BOTH)
    place = {"place": "media", "url": "https://news.example.cn/1", "published_at": "2026-01-01T00:00:00Z"}
    path = f"/v1/notices/{waiting.id}/places"
    answer = await _post(client, path, here.officer, place, waiting.version)
    assert answer.json()["code"] == "place_missing"
