"""The auction story and the demonstration's keeper against real processes, over real sockets."""

import asyncio
import time
from pathlib import Path

import httpx
import pytest

from app.demo import data, lots, steps
from app.demo.local import Local
from app.demo.play import play
from app.demo.stories.auction import make_ready, start
from app.demo.world import World
from tests.journeys.conftest import PASSWORD, Market
from tests.processes import end, serve, start_process, working

pytestmark = pytest.mark.chaos

ANSWER_SECONDS = 60.0


def url_of(here: Local) -> str:
    url = here.database.engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


async def test_play_lives_a_whole_auction_against_a_running_server(
    here: Local, market: Market, tmp_path: Path
) -> None:
    script = data.play()["sale"]
    await market(script["seller"], *(one["party"] for one in script["bidders"]))
    said: list[str] = []
    with (
        serve(url_of(here), log=tmp_path / "api.log") as server,
        working(url_of(here), log=tmp_path / "worker.log"),
    ):
        played = await asyncio.to_thread(play, server.url, tell=said.append)
    assert played, "\n".join(said)
    text = "\n".join(said)
    assert "成交：106万元" in text and "人民币壹佰零陆万元整" in text
    assert text.count("延时") == 4


@pytest.mark.chaos_long
async def test_the_keepers_robots_answer_a_person(here: Local, market: Market, tmp_path: Path) -> None:
    sale = data.sales()["live_lots"][0]
    world = await market(sale["seller"], "lbjm", *(one["party"] for one in sale["bidders"]))
    body = data.achievement_body(data.achievement(sale["achievement"]))
    achievement_id = await steps.publish_achievement(world, data.seller_of(sale["seller"]), body)
    starts_at = await world.now() + 9 * lots.DAY
    table = await lots.timetable_for(world, starts_at)
    lot = await lots.prepare(world, sale, achievement_id, table, leap=True)
    await make_ready(world, lot, table)
    await start(world, lot, table)
    with (
        serve(url_of(here), log=tmp_path / "api.log") as server,
        working(url_of(here), log=tmp_path / "worker.log"),
    ):
        log = tmp_path / "keeper.log"
        keeper = start_process("demo", "--keep", "--address", server.url, database_url=url_of(here), log=log)
        try:
            async with World(server.url, password=PASSWORD) as people:
                guest = await people.person(lots.GUEST)
                own = await guest.post(f"{lot.path}/bids", {"amount": "800000.00"}, expect=201)
                answer = await _answer(guest.client, lot.path, own["bid_no"])
        finally:
            end(keeper)
    assert answer["current_bidder_code"] != own["bidder_code"]
    assert answer["current_price"]["amount"] == "820000.00"


async def _answer(client: httpx.AsyncClient, path: str, after: int) -> dict[str, dict[str, str]]:
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        told = (await client.get(path)).json()
        if told["bid_no"] > after:
            found: dict[str, dict[str, str]] = told
            return found
        await asyncio.sleep(0.5)
    raise AssertionError("no robot has answered")
