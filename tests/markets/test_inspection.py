"""Inspection: slots ahead and within the sale, booked by who takes part, full when they are, cancelled before they begin."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.db.clock import Clock
from app.db.session import Database
from app.markets.inspection.errors import SlotFull, SlotOver, SlotUnfit
from app.markets.inspection.rules import check_open, check_place, check_slot
from app.markets.inspection.states import MACHINE, SlotStatus
from tests.factories import markets as made

CLOCK = Clock()
AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
TICK, HOUR = timedelta(microseconds=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "over", "fits"),
    [
        (AT + TICK, AT + HOUR, False, True),
        (AT, AT + HOUR, False, False),
        (AT - TICK, AT + HOUR, False, False),
        (AT + HOUR, AT + HOUR, False, False),
        (AT + HOUR, AT + HOUR + TICK, False, True),
        (AT + HOUR, AT + 25 * HOUR, False, True),
        (AT + HOUR, AT + 25 * HOUR + TICK, False, False),
        (AT + HOUR, AT + 2 * HOUR, True, False),
    ],
)
def test_a_slot_lies_ahead_within_a_day_and_before_the_end_of_the_sale(
    starts_at: datetime, ends_at: datetime, over: bool, fits: bool
) -> None:
    if fits:
        check_slot(starts_at=starts_at, ends_at=ends_at, at=AT, sale_over=over)
        return
    with pytest.raises(SlotUnfit):
        check_slot(starts_at=starts_at, ends_at=ends_at, at=AT, sale_over=over)


@pytest.mark.parametrize(
    ("status", "starts_at", "over", "opens"),
    [
        (SlotStatus.OPEN, AT + TICK, False, True),
        (SlotStatus.OPEN, AT, False, False),
        (SlotStatus.OPEN, AT - TICK, False, False),
        (SlotStatus.CANCELLED, AT + HOUR, False, False),
        (SlotStatus.OPEN, AT + HOUR, True, False),
    ],
)
def test_a_slot_is_booked_until_it_begins(
    status: SlotStatus, starts_at: datetime, over: bool, opens: bool
) -> None:
    if opens:
        check_open(status=status, starts_at=starts_at, at=AT, sale_over=over)
        return
    with pytest.raises(SlotOver):
        check_open(status=status, starts_at=starts_at, at=AT, sale_over=over)


def test_a_slot_takes_so_many_parties_and_a_cancelled_one_stays_cancelled() -> None:
    check_place(booked=1, capacity=2)
    with pytest.raises(SlotFull):
        check_place(booked=2, capacity=2)
    assert MACHINE.transitions[SlotStatus.CANCELLED] == frozenset()


async def test_a_slot_from_the_offer_to_the_cancellation(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        market = await made.make_market(session)
        offering = await made.make_listed(session, market)
        first, second = [await made.make_buyer(session) for _ in range(2)]
        stranger = await made.make_buyer(session)
        for buyer in (first, second):
            await made.register(session, offering.id, buyer)
        at = await CLOCK.read(session)
    seller, path = market.seller.headers, f"/v1/offerings/{offering.id}/slots"
    body = {
        "starts_at": (at + HOUR).isoformat(),
        "ends_at": (at + 2 * HOUR).isoformat(),
        "place": "紫金港校区实验楼",
        "capacity": 1,
    }
    assert (await client.post(path, json=body, headers=first.headers)).status_code == 404
    offered = await client.post(path, json=body, headers=seller)
    assert offered.status_code == 201, offered.text
    slot = offered.json()["data"][0]["id"]
    book = f"/v1/slots/{slot}/booking"
    assert (await client.post(book, headers=stranger.headers)).status_code == 404
    mine = await client.post(book, headers=first.headers)
    assert mine.json()["data"][0] | {"id": "", "starts_at": "", "ends_at": ""} == {
        "id": "", "starts_at": "", "ends_at": "", "place": "紫金港校区实验楼", "capacity": 1, "status": "open",
        "is_full": True, "is_mine": True, "booked": None, "version": 1,
    }  # fmt: skip
    assert (await client.post(book, headers=first.headers)).status_code == 200
    full = await client.post(book, headers=second.headers)
    assert (full.status_code, full.json()["code"]) == (409, "inspection_slot_full")
    assert (await client.get(path, headers=seller)).json()["data"][0]["booked"] == 1
    assert (await client.delete(book, headers=first.headers)).status_code == 200
    assert (await client.post(book, headers=second.headers)).status_code == 200
    gone = await client.post(f"/v1/slots/{slot}/cancellation", headers=seller)
    assert gone.json()["data"][0]["status"] == "cancelled"
    late = await client.post(book, headers=first.headers)
    assert (late.status_code, late.json()["code"]) == (409, "inspection_slot_over")
    public = await client.get(path)
    assert str(second.party_id) not in public.text
