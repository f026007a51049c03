"""A paddle and a click of one amount in one instant: one of them counts, the other is told the next amount."""

import asyncio
import random
from collections import Counter
from typing import Any

import httpx
import pytest

from app.db.session import Database
from app.kit.ids import new_id
from app.kit.money import fen, yuan
from tests.factories.auctions import WAN
from tests.factories.sessions import Bidder, Hall, make_ready_session, open_lot
from tests.invariants import check_database

TIMES = 200
STEP = 10 * WAN


async def _post(
    client: httpx.AsyncClient, path: str, headers: dict[str, str], body: dict[str, Any]
) -> httpx.Response:
    """A request under one key, asked again while the market is busy."""
    keyed = headers | {"Idempotency-Key": new_id().hex}
    while (answer := await client.post(path, json=body, headers=keyed)).status_code == 503:
        await asyncio.sleep(0.02)
    return answer


async def _both(
    client: httpx.AsyncClient, hall: Hall, pair: tuple[Bidder, Bidder], amount: int, gap: float
) -> tuple[httpx.Response, httpx.Response]:
    """The desk enters a paddle and somebody at home clicks. gap: who is a little earlier, in seconds."""
    paddle, online = pair
    path, said = f"/v1/auctions/{hall.lots[0]}", {"amount": yuan(amount)}

    async def after(seconds: float, request: Any) -> httpx.Response:
        await asyncio.sleep(max(0.0, seconds))
        answer: httpx.Response = await request()
        return answer

    floor, web = await asyncio.gather(
        after(
            gap,
            lambda: _post(
                client,
                f"{path}/floor-bids",
                hall.auctioneer.headers,
                said | {"paddle_no": paddle.paddle_no},
            ),
        ),
        after(-gap, lambda: _post(client, f"{path}/bids", online.member.headers, said)),
    )
    return floor, web


@pytest.mark.timeout(300)
async def test_a_floor_bid_and_a_web_bid_of_one_amount_200_times_one_counts_each_time(
    running: str, database: Database
) -> None:
    async with database.transaction() as session:
        hall = await make_ready_session(session, lots=((200, 10),), units=(1, 1, 1, 1))
        await open_lot(session, hall, 1)
    choice, won = random.Random(200), Counter[str]()
    leader, price = "", fen("1900000.00")
    async with httpx.AsyncClient(base_url=running, timeout=30) as client:
        for _ in range(TIMES):
            price += STEP
            paddle = next(one for one in hall.bidders[:2] if str(one.paddle_no) != leader)
            online = next(one for one in hall.bidders[2:] if str(one.paddle_no) != leader)
            answers = await _both(client, hall, (paddle, online), price, choice.uniform(-0.004, 0.004))
            assert sorted(answer.status_code for answer in answers) == [201, 409], [a.text for a in answers]
            accepted, refused = sorted(answers, key=lambda answer: answer.status_code)
            told = refused.json()
            assert told["code"] == "bid_not_above_current"
            assert (told["current_price"], told["next_amount"]) == (yuan(price), yuan(price + STEP))
            leader = accepted.json()["bidder_code"]
            won["floor" if accepted is answers[0] else "web"] += 1
    async with database.transaction() as session:
        kept = await check_database(session, hall.lots[0])
    assert [bid.amount_minor for bid in kept.bids] == [fen("2000000.00") + STEP * n for n in range(TIMES)]
    assert won["floor"] + won["web"] == TIMES
    assert min(won["floor"], won["web"]) >= 1, f"one of them always wins: {dict(won)}"
    print(f"floor {won['floor']}, web {won['web']}")
