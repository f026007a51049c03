"""The demonstration's session is held on its day: the door, six lots, calls and the hammer, beside a visitor who bids."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.demo import data, lots, steps
from app.demo.conductor import Conductor
from app.demo.local import Local
from app.demo.person import Json
from app.demo.steps import STAFF
from app.demo.stories.auction import Timetable, timetable
from app.demo.stories.hall import CALL_SECONDS, Hall, admit_to_hall, announce_hall
from app.demo.world import World
from app.kit.money import fen, yuan
from tests.journeys.conftest import PASSWORD, Market
from tests.journeys.test_processes import url_of
from tests.processes import end, serve, start_process, working

pytestmark = [pytest.mark.chaos, pytest.mark.chaos_long]

LOOKS_MAX = 2_000
SOLD_SECONDS = 150.0
RATE = 5


async def announced(market: Market) -> tuple[World, Hall, Timetable]:
    """The session of the demonstration: announced, its bidders and the guest let in, their deposits paid."""
    plan = data.hall()
    plan = {**plan, "bidders": [*plan["bidders"], {"party": lots.GUEST_PARTY, "units": 1}]}
    holders = [data.achievement(lot["achievement"])["holder"] for lot in plan["lots"]]
    world = await market(*holders, *(one["party"] for one in plan["bidders"]), plan["house"])
    published = {}
    for lot in plan["lots"]:
        row = data.achievement(lot["achievement"])
        published[lot["achievement"]] = await steps.publish_achievement(
            world, data.seller_of(row["holder"]), data.achievement_body(row)
        )
    table = await timetable(world)
    hall = await announce_hall(world, plan, published, table)
    await admit_to_hall(world, hall)
    await world.advance_to(table.deposit_due_at, by=STAFF.operator)
    for number in range(1, len(hall.lots) + 1):
        await world.until_status(
            "registration closes", await world.public(), hall.lot_path(number), "registration_closed"
        )
    return world, hall, table


async def held(world: World, hall: Hall) -> Json:
    """The session to its end: one who conducts it looks again and again, and warnings pass at once."""
    conductor, public = Conductor(world, think=(0.0, 0.0)), await world.public()
    for _ in range(LOOKS_MAX):
        conductor._next_at = 0.0
        await conductor.look()
        await world.settle()
        board = await public.get(hall.path)
        if board["status"] == "ended":
            return board
        turn = next((lot for lot in board["catalogue"] if lot["lot_no"] == board["turn"]), None)
        if conductor.waits_for is not None:
            await world.advance_to(conductor.waits_for, by=STAFF.operator)
        elif turn is not None and turn["calls"]:
            await world.advance(CALL_SECONDS + 1, by=STAFF.operator)
    raise AssertionError("the session does not end")


async def test_six_lots_are_sold_withdrawn_or_passed_in_as_the_plan_has_it(market: Market) -> None:
    world, hall, _ = await announced(market)
    board = await held(world, hall)
    assert [lot["status"] for lot in board["catalogue"]] == [
        "awarded", "awarded", "awarded", "cancelled", "passed_in", "awarded",
    ]  # fmt: skip
    for lot, plan in zip(board["catalogue"], hall.plan["lots"], strict=True):
        if lot["status"] == "awarded":
            most = next(step["hammer"] for step in plan["script"] if "hammer" in step)
            assert fen(data.amount(plan["start_wan"])) < fen(lot["current_price"]["amount"])
            assert fen(lot["current_price"]["amount"]) <= fen(data.amount(most))
            bids = await (await world.public()).every(f"/v1/auctions/{lot['auction_id']}/bids")
            assert len(bids) > 2
    minutes = await (await world.person(hall.auctioneer)).get(f"{hall.path}/minutes")
    assert minutes["title"] == "拍卖笔录"
    await steps.ledger_balances(world)


@pytest.mark.timeout(400)
async def test_the_keeper_holds_the_session_and_its_room_answers_the_guest(
    here: Local, market: Market, tmp_path: Path
) -> None:
    world, hall, table = await announced(market)
    await world.advance_to(table.starts_at, by=STAFF.operator)
    with (
        serve(url_of(here), log=tmp_path / "api.log") as server,
        working(url_of(here), log=tmp_path / "worker.log"),
    ):
        keeper = start_process(
            "demo", "--keep", "--address", server.url, database_url=url_of(here), log=tmp_path / "keeper.log"
        )
        try:
            async with World(server.url, password=PASSWORD) as people:
                operator = await people.person(STAFF.operator)
                await operator.post(
                    "/v1/sandbox/clock", {"rate": RATE}
                )  # warnings pass sooner; people think as ever
                told = await _lot(people, hall, lambda lot: lot["bid_no"] > 0)
                guest = await people.person(lots.GUEST)
                amount = yuan(fen(told["next_amount"]["amount"]) + 2 * fen(told["increment"]["amount"]))
                own = await guest.post(f"{hall.lot_path(1)}/bids", {"amount": amount}, expect=201)
                answered = await _lot(people, hall, lambda lot: lot["bid_no"] > own["bid_no"])
                assert answered["bidder_code"] != own["bidder_code"]
                sold = await _lot(people, hall, lambda lot: lot["status"] == "awarded")
                assert sold["current_price"]["amount"] in ("980000.00", "1000000.00")
        finally:
            end(keeper)


async def _lot(people: World, hall: Hall, wanted: Callable[[Json], bool]) -> Json:
    """The first lot, once it is as wanted."""
    deadline, public = time.monotonic() + SOLD_SECONDS, await people.public()
    while time.monotonic() < deadline:
        lot: Json = (await public.get(hall.path))["catalogue"][0]
        if wanted(lot):
            return lot
        await asyncio.sleep(0.5)
    raise AssertionError(f"nobody conducts the session: {lot}")
