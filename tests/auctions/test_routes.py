"""The room over HTTP: who sees what, what a bid answers, what the stream tells."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.auctions.live import Tail
from app.db.clock import Clock
from app.db.session import Database
from app.http.broadcast import Broadcaster
from app.hub import Hub
from app.kit.ids import new_id
from app.signing.rules.chain import GENESIS
from tests.factories.auctions import Sale, make_draft, make_noticed, make_started, place
from tests.factories.identity import Member
from tests.streams import listen

MILLION = {"amount": "2000000.00"}


async def sale_of(database: Database, make: Any, **changed: Any) -> Sale:
    """A committed sale."""
    async with database.transaction() as session:
        made: Sale = await make(session, **changed)
    return made


def keyed(member: Member) -> dict[str, str]:
    """The headers of a bid."""
    return member.headers | {"Idempotency-Key": new_id().hex}


def names_in(found: Any) -> Iterator[str]:
    """Every string in an answer."""
    if isinstance(found, dict):
        for value in found.values():
            yield from names_in(value)
    elif isinstance(found, list):
        for value in found:
            yield from names_in(value)
    elif isinstance(found, str):
        yield found


# --- seeing -----------------------------------------------------------------------------------------------------------


async def test_a_draft_is_its_sellers_and_the_staffs_and_absent_for_all_others(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_draft)
    path = f"/v1/auctions/{sale.auction_id}"
    assert (await client.get(path)).status_code == 404
    assert (await client.get(path, headers=sale.finance.maker.headers)).status_code == 404
    for member in (sale.seller, sale.operator):
        answer = await client.get(path, headers=member.headers)
        assert (answer.status_code, answer.json()["status"]) == (200, "draft")
    for below in ("bids", "events", "stream"):
        assert (await client.get(f"{path}/{below}")).status_code == 404
    listed = await client.get("/v1/auctions", params={"offering_id": str(sale.offering_id)})
    assert listed.json() == {"data": [], "next_cursor": None, "has_more": False}


async def test_anybody_sees_a_running_sale_under_codes_only(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_started)
    async with database.transaction() as session:
        first = await place(session, sale, sale.bidders[0], "2000000.00")
        second = await place(session, sale, sale.bidders[1], "2300000.00")
    path = f"/v1/auctions/{sale.auction_id}"
    seen = (await client.get(path)).json()
    assert seen["status"] == "free_bidding"
    assert seen["current_price"] == {"amount": "2300000.00", "currency": "CNY"}
    assert seen["next_amount"] == {"amount": "2400000.00", "currency": "CNY"}
    assert seen["current_bidder_code"] == second.bid.bidder_code
    assert (seen["bid_no"], seen["seq"]) == (2, second.bid.seq)
    bids = (await client.get(f"{path}/bids")).json()["data"]
    assert [(bid["bid_no"], bid["bidder_code"]) for bid in bids] == [
        (2, second.bid.bidder_code),
        (1, first.bid.bidder_code),
    ]
    events = (await client.get(f"{path}/events")).json()
    told = list(names_in([seen, bids, events]))
    for member in sale.bidders:
        assert str(member.party_id) not in told
        assert str(member.user_id) not in told
    assert not any(str(registration) in told for registration in sale.registrations)


async def test_lists_are_paged_and_filtered_by_what_a_visitor_means(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_started)
    async with database.transaction() as session:
        for number in range(5):
            amount = f"{2_000_000 + 100_000 * number}.00"
            await place(session, sale, sale.bidders[number % 2], amount)
    path = f"/v1/auctions/{sale.auction_id}/bids"
    page, seen = (await client.get(path, params={"limit": 2})).json(), []
    while True:
        seen += [bid["bid_no"] for bid in page["data"]]
        if not page["has_more"]:
            break
        page = (await client.get(path, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert seen == [5, 4, 3, 2, 1]
    wrong = await client.get(path, params={"cursor": "no-cursor-of-ours"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "cursor_invalid")
    for status, count in (("live", 1), ("coming", 0), ("ended", 0), ("free_bidding", 1)):
        params = {"offering_id": str(sale.offering_id), "status": status}
        assert len((await client.get("/v1/auctions", params=params)).json()["data"]) == count


async def test_one_learns_ones_own_standing_and_nobody_elses(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_started)
    async with database.transaction() as session:
        placed = await place(session, sale, sale.bidders[0], "2000000.00")
    path = f"/v1/auctions/{sale.auction_id}/me"
    assert (await client.get(path)).status_code == 401
    mine = (await client.get(path, headers=sale.bidders[0].headers)).json()
    theirs = (await client.get(path, headers=sale.bidders[1].headers)).json()
    assert (mine["leading"], mine["bidder_code"], mine["bids"]) == (True, placed.bid.bidder_code, 1)
    assert (mine["status"], mine["deposit_status"]) == ("qualified", "held")
    assert (theirs["leading"], theirs["bids"]) == (False, 0)
    assert theirs["bidder_code"] != mine["bidder_code"]
    stranger = (await client.get(path, headers=sale.seller.headers)).json()
    assert (stranger["registration_id"], stranger["bidder_code"]) == (None, None)


# --- bidding ----------------------------------------------------------------------------------------------------------


async def test_a_bid_is_answered_with_what_was_judged(client: httpx.AsyncClient, database: Database) -> None:
    sale = await sale_of(database, make_started)
    path = f"/v1/auctions/{sale.auction_id}"
    answer = await client.post(f"{path}/bids", json=MILLION, headers=keyed(sale.bidders[0]))
    assert answer.status_code == 201, answer.text
    bid, seen = answer.json(), (await client.get(path)).json()
    assert (bid["bid_no"], bid["seq"], bid["amount"]["amount"]) == (1, seen["seq"], "2000000.00")
    assert (bid["ends_at"], bid["extension_count"]) == (seen["ends_at"], 0)
    assert bid["hash"] == seen["chain_head"] != GENESIS.hex()


async def test_a_refused_bid_is_answered_the_same_again(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_started)
    path, headers = f"/v1/auctions/{sale.auction_id}/bids", keyed(sale.bidders[0])
    first = await client.post(path, json={"amount": "2050000.00"}, headers=headers)
    async with database.transaction() as session:
        await place(session, sale, sale.bidders[1], "2500000.00")
    again = await client.post(path, json={"amount": "2050000.00"}, headers=headers)
    assert (first.status_code, first.json()["code"]) == (409, "bid_off_ladder")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json()["lower_amount"] == "2000000.00"
    assert first.json()["source"] == "house rule"
    other = await client.post(path, json={"amount": "2600000.00"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_bid_needs_a_key_a_person_and_the_permission(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_started)
    path = f"/v1/auctions/{sale.auction_id}/bids"
    without_key = await client.post(path, json=MILLION, headers=sale.bidders[0].headers)
    assert (without_key.status_code, without_key.json()["code"]) == (422, "idempotency_key_missing")
    assert (await client.post(path, json=MILLION)).status_code == 401
    wrong = await client.post(path, json=MILLION, headers=keyed(sale.operator))
    assert (wrong.status_code, wrong.json()["code"]) == (403, "permission_missing")
    absent = await client.post(f"/v1/auctions/{new_id()}/bids", json=MILLION, headers=keyed(sale.bidders[0]))
    assert absent.status_code == 404
    assert (await client.get(path)).json()["data"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"amount": 2000000},
        {"amount": "2000000"},
        {"amount": "2000000.0"},
        {"amount": "-2000000.00"},
        {"amount": "2,000,000.00"},
        {"amount": "２000000.00"},
        {"amount": "1e9"},
        {"amount": "999999999999999999.00"},
        {"amount": None},
        {"amount": "2000000.00", "bidder_code": "2A7"},
        [],
    ],
)
async def test_a_malformed_bid_is_refused_by_its_field(
    client: httpx.AsyncClient, database: Database, body: Any
) -> None:
    sale = await sale_of(database, make_started, bidders=1)
    path = f"/v1/auctions/{sale.auction_id}/bids"
    answer = await client.post(path, json=body, headers=keyed(sale.bidders[0]))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/body")
    assert (await client.get(path)).json()["data"] == []


# --- staff ------------------------------------------------------------------------------------------------------------


async def test_the_whole_way_of_a_sale_is_open_to_its_people_over_http(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_draft)
    path = f"/v1/auctions/{sale.auction_id}"
    draft = await client.get(path, headers=sale.seller.headers)
    async with database.transaction() as session:
        at = await Clock().read(session)
    days = {
        "registration_opens_at": at + timedelta(minutes=1),
        "registration_closes_at": at + timedelta(days=5),
        "deposit_due_at": at + timedelta(days=6),
        "starts_at": at + timedelta(days=16),
    }
    body = {name: instant.isoformat() for name, instant in days.items()}
    headers = sale.operator.headers
    unread = await client.post(f"{path}/notice", json=body, headers=headers)
    assert (unread.status_code, unread.json()["code"]) == (428, "if_match_missing")
    headers |= {"If-Match": draft.headers["etag"]}
    short = body | {"starts_at": (at + timedelta(days=6, hours=1)).isoformat()}
    refused = await client.post(f"{path}/notice", json=short, headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, "/body/starts_at")
    noticed = await client.post(f"{path}/notice", json=body, headers=headers)
    assert (noticed.status_code, noticed.json()["status"]) == (200, "noticed")
    early = await client.post(f"{path}/readiness", headers=sale.finance.maker.headers)
    assert (early.status_code, early.json()["code"]) == (409, "auction_stage")
    stopped = await client.post(
        f"{path}/suspension",
        json={"reason": "objection", "note": "有人提出异议"},
        headers=sale.operator.headers,
    )
    assert stopped.json()["status"] == "suspended"
    resumed = await client.post(
        f"{path}/resumption", json={"note": "异议已核实"}, headers=sale.operator.headers
    )
    assert resumed.json()["status"] == "noticed"
    ended = await client.post(
        f"{path}/cancellation",
        json={"reason": "seller_withdrawal", "document_no": "院务〔2026〕8号", "note": "专利失效"},
        headers=sale.operator.headers,
    )
    assert (ended.status_code, ended.json()["status"]) == (200, "cancelled")
    events = (await client.get(f"{path}/events")).json()["data"]
    assert [event["kind"] for event in events] == ["noticed", "suspended", "resumed", "cancelled"]
    assert events[-1]["note"] == "专利失效"


async def test_a_buyer_neither_runs_nor_readies_nor_cancels_a_sale(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_started, bidders=1)
    path = f"/v1/auctions/{sale.auction_id}"
    bodies: dict[str, Any] = {
        "readiness": None,
        "suspension": {"reason": "system_fault", "note": "断网"},
        "resumption": {"note": "恢复"},
        "cancellation": {"reason": "court_order", "document_no": "甲1", "note": "撤"},
    }
    for below, body in bodies.items():
        answer = await client.post(f"{path}/{below}", json=body, headers=sale.bidders[0].headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


async def test_anybody_with_a_wrong_body_is_told_the_field(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_draft)
    body = {
        "offering_id": str(sale.offering_id),
        "terms": {"start_price": "0.001", "ladder": [], "deposit": "0.00"},
    }
    answer = await client.post("/v1/auctions", json=body, headers=sale.seller.headers)
    assert answer.status_code == 422
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/body/terms/start_price", "/body/terms/ladder"}


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00"])
async def test_instants_at_the_edge_of_time_are_refused_and_break_nothing(
    client: httpx.AsyncClient, database: Database, instant: str
) -> None:
    sale = await sale_of(database, make_draft)
    path = f"/v1/auctions/{sale.auction_id}"
    draft = await client.get(path, headers=sale.operator.headers)
    names = ("registration_opens_at", "registration_closes_at", "deposit_due_at", "starts_at")
    answer = await client.post(
        f"{path}/notice",
        json=dict.fromkeys(names, instant),
        headers=sale.operator.headers | {"If-Match": draft.headers["etag"]},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "timetable_too_far")


# --- the stream -------------------------------------------------------------------------------------------------------


async def test_the_stream_tells_each_event_once_and_resumes_without_a_gap(
    running: str, database: Database
) -> None:
    sale = await sale_of(database, make_started)
    url = f"{running}/v1/auctions/{sale.auction_id}/stream"
    async with listen(url) as ear:
        kinds = [(await ear.next()).name for _ in range(5)]
        assert kinds == [
            "noticed",
            "registration_opened",
            "registration_closed",
            "readied",
            "bidding_started",
        ]
        async with httpx.AsyncClient(base_url=running) as http:
            answer = await http.post(
                f"/v1/auctions/{sale.auction_id}/bids", json=MILLION, headers=keyed(sale.bidders[0])
            )
        assert answer.status_code == 201
        heard = await ear.next()
    assert (heard.name, heard.id) == ("bid_placed", str(answer.json()["seq"]))
    assert heard.data["current_price"] == {"amount": "2000000.00", "currency": "CNY"}
    assert heard.data["current_bidder_code"] == answer.json()["bidder_code"]
    assert heard.data["hash"] == answer.json()["hash"]
    async with listen(url, headers={"Last-Event-ID": "4"}) as ear:
        beat = await ear.next(heartbeats=True)
        assert (beat.name, beat.data["seq"]) == ("heartbeat", 4)
        assert [(await ear.next()).id for _ in range(2)] == ["5", "6"]


async def test_the_stream_of_a_sale_nobody_may_see_is_absent(running: str, database: Database) -> None:
    sale = await sale_of(database, make_noticed)
    async with httpx.AsyncClient(base_url=running) as http:
        assert (await http.get(f"/v1/auctions/{new_id()}/stream")).status_code == 404
        wrong = await http.get(f"/v1/auctions/{sale.auction_id}/stream", headers={"Last-Event-ID": "first"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "last_event_id_malformed")


async def test_a_place_that_is_no_longer_kept_is_served_from_the_record(database: Database) -> None:
    sale = await sale_of(database, make_started)
    tail = Tail(Broadcaster(database), database, Hub(None), sale.auction_id)
    tail.open()
    await tail.ready.wait()
    told = list(await tail.behind(0))
    assert [seq for seq, _ in told] == [1, 2, 3, 4, 5]
    # As after thousands of events: only the latest frame is still kept.
    while len(tail._kept) > 1:
        tail._kept.popleft()
    assert list(await tail.behind(1)) == told[1:-1]
    while len(tail._kept) > 1:
        tail._kept.popleft()
    assert list(await tail.behind(4)) == told[-1:]
    assert list(await tail.behind(5)) == []
    tail.close()
