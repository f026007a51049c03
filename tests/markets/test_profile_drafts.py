"""New versions of rule profiles: floors, the day that lies ahead, two persons, and nothing running changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.db.session import Database
from app.identity.permissions import Role
from app.kit.errors import Refusal
from app.markets.profiles import documents, rules
from app.markets.profiles.documents import shipped
from tests.factories.identity import Member, make_member

UNI = shipped()[0]
ON = "2031-01-01"
MIDNIGHT = datetime(2026, 12, 31, 16, tzinfo=UTC)  # 2027-01-01 00:00 in Shanghai
TICK = timedelta(microseconds=1)


def refused(call: Any) -> Refusal:
    """The refusal that a call meets."""
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def test_the_next_version_is_the_latest_one_with_other_values() -> None:
    made = documents.profile_of(rules.next_document(UNI, {"listing_days": 5, "auction_call_seconds": 30}))
    assert (made.version, made.listing_days.value, made.auction.call_seconds.value) == (2, 5, 30)
    assert (made.listing_days.floor, made.listing_days.source) == (5, "house rule")
    before = documents.profile_of(UNI)
    assert {name for name, one in made.own().items() if one != before.own()[name]} == {"listing_days"}


def test_at_the_floor_and_the_ceiling_a_value_stands_and_beyond_them_it_is_refused_with_the_source() -> None:
    for value in (15, 60):
        assert rules.next_document({**UNI, "version": 1}, {"notice_days": value, "listing_days": 9})
    for value in (14, 61):
        told = refused(lambda v=value: rules.next_document(UNI, {"notice_days": v}))
        assert told.code == "profile_below_floor"
        assert told.data == {
            "name": "notice_days",
            "floor": 15,
            "ceiling": 60,
            "unit": "calendar_day",
            "rule_source": "浙江省促进科技成果转化条例 art. 17",
        }


@pytest.mark.parametrize(
    "changes", [{"surprise": 1}, {"auction_surprise": 1}, {"listing_days": 10}, {"regions": 1}]
)
def test_a_name_that_there_is_not_and_a_change_that_is_none_are_refused(changes: dict[str, int]) -> None:
    assert refused(lambda: rules.next_document(UNI, changes)).code == "profile_document_unfit"


def test_a_version_begins_on_a_day_that_has_not_begun_and_not_before_the_version_before() -> None:
    early = date(2020, 1, 1)
    first, second = date(2027, 1, 1), date(2027, 1, 2)
    # A minute before midnight the coming day may still be named; any later it may not.
    last = MIDNIGHT - rules.LEAD
    rules.check_effective(first, last - TICK, before_on=early)
    for at in (last, last + TICK, MIDNIGHT - TICK, MIDNIGHT):
        assert (
            refused(lambda at=at: rules.check_effective(first, at, before_on=early)).code
            == "profile_effective_not_ahead"
        )
        rules.check_effective(second, at, before_on=second)
    assert refused(lambda: rules.check_effective(second, last, before_on=date(2027, 1, 3))).data == {
        "earliest_on": "2027-01-03"
    }


@pytest.mark.parametrize(("prefix", "code"), [("", None), ("33", None), ("3301", "profile_scope_too_narrow")])
def test_the_rules_of_the_province_are_not_a_citys_to_change(prefix: str, code: str | None) -> None:
    if code is None:
        rules.check_scope(prefix)
    else:
        assert refused(lambda: rules.check_scope(prefix)).code == code


async def _supervisors(database: Database) -> tuple[Member, Member]:
    async with database.transaction() as session:
        return await make_member(session, Role.SUPERVISOR), await make_member(session, Role.SUPERVISOR)


async def _propose(client: httpx.AsyncClient, by: Member, **changed: Any) -> httpx.Response:
    body = {
        "code": "UNI_CN",
        "changes": {"listing_days": 20},
        "effective_on": ON,
        "document_no": "规〔2026〕1号",
    }
    return await client.post("/v1/rule-profile-drafts", json=body | changed, headers=by.headers)


async def _decide(
    client: httpx.AsyncClient, by: Member, draft: httpx.Response, verb: str, **body: str
) -> httpx.Response:
    return await client.post(
        f"/v1/rule-profile-drafts/{draft.json()['id']}/{verb}",
        json=body or None,
        headers=by.headers | {"If-Match": draft.headers["etag"]},
    )


async def test_one_supervisor_proposes_another_publishes_and_everybody_reads_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    one, other = await _supervisors(database)
    draft = await _propose(client, one)
    assert (draft.status_code, draft.json()["status"]) == (201, "draft")
    alone = await _decide(client, one, draft, "publication")
    assert (alone.status_code, alone.json()["code"]) == (403, "profile_same_person")
    told = await _decide(client, other, draft, "publication")
    assert (told.status_code, told.json()["status"], told.json()["published_version"]) == (
        200,
        "published",
        2,
    )
    again = await _decide(client, other, told, "publication")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")

    shown = (await client.get("/v1/rule-profiles")).json()["data"]
    versions = [(one["version"], one["effective_on"]) for one in shown if one["code"] == "UNI_CN"]
    assert versions == [(1, "2020-01-01"), (2, ON)]
    days = next(p for p in shown[2]["parameters"] if p["name"] == "listing_days")
    assert (shown[2]["document_no"], days["value"], days["floor"]) == ("规〔2026〕1号", 20, 5)
    async with database.transaction() as session:
        kinds = await session.scalars(text("SELECT kind FROM events ORDER BY id DESC LIMIT 1"))
        assert kinds.all() == ["markets.profile_published"]
    # The next version starts from this one, and not before its day.
    early = await _propose(client, one, changes={"listing_days": 9}, effective_on="2030-12-31")
    assert (early.status_code, early.json()["code"]) == (422, "profile_effective_not_ahead")


async def test_a_proposal_is_refused_with_a_reason_and_changes_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    one, other = await _supervisors(database)
    draft = await _propose(client, one, code="PRIVATE", changes={"listing_days": 3})
    told = await _decide(client, other, draft, "refusal", reason="依据不足")
    assert (told.status_code, told.json()["status"], told.json()["reason"]) == (200, "refused", "依据不足")
    listed = (await client.get("/v1/rule-profile-drafts", headers=other.headers)).json()["data"]
    assert (listed[0]["code"], listed[0]["status"]) == ("PRIVATE", "refused")
    shown = (await client.get("/v1/rule-profiles")).json()["data"]
    assert [one["version"] for one in shown if one["code"] == "PRIVATE"] == [1]


async def test_a_value_below_the_statutes_floor_is_refused_with_its_source(
    client: httpx.AsyncClient, database: Database
) -> None:
    one, _ = await _supervisors(database)
    told = await _propose(client, one, code="UNI_ZJ", changes={"notice_days": 14})
    assert (told.status_code, told.json()["code"]) == (409, "profile_below_floor")
    assert told.json()["rule_source"] == "浙江省促进科技成果转化条例 art. 17"
