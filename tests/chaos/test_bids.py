"""kill -9 of the server while bids flow: what was acknowledged is there, and nothing that nobody sent."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from app.auctions.tables import BidRow
from app.db.session import Database
from app.kit.ids import new_id
from app.kit.money import fen, yuan
from tests.concurrency.test_auctions import check_record, started
from tests.factories.auctions import Sale
from tests.factories.identity import Member
from tests.processes import Server, end, start_server
from tests.results import tell

pytestmark = pytest.mark.chaos

KILLS = 2
BIDDERS = 8
STEP = fen("100000.00")


@dataclass
class Log:
    """What the clients sent, and what they were told."""

    sent: set[tuple[str, int]] = field(default_factory=set)
    accepted: dict[int, int] = field(default_factory=dict)
    refused: int = 0
    unknown: int = 0


async def _bid_on(url: list[str], sale: Sale, member: Member, log: Log, stop: asyncio.Event) -> None:
    """One bidder: raises whenever he does not lead. No answer means: the same key again, until there is one."""
    choice = random.Random(str(member.user_id))
    async with httpx.AsyncClient(timeout=10) as client:
        while not stop.is_set():
            try:
                now = await client.get(f"{url[0]}/v1/auctions/{sale.auction_id}")
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
                continue
            if now.status_code != 200:
                continue
            amount = fen(now.json()["next_amount"]["amount"]) + STEP * choice.randrange(2)
            await _send(client, url, sale, member, amount=amount, log=log)


async def _send(
    client: httpx.AsyncClient, url: list[str], sale: Sale, member: Member, *, amount: int, log: Log
) -> None:
    key = str(new_id())
    log.sent.add((str(member.party_id), amount))
    for _ in range(400):
        try:
            answer = await client.post(
                f"{url[0]}/v1/auctions/{sale.auction_id}/bids",
                json={"amount": yuan(amount)},
                headers=member.headers | {"Idempotency-Key": key},
            )
        except httpx.HTTPError:
            log.unknown += 1
            await asyncio.sleep(0.05)
            continue
        if answer.status_code == 503:
            continue
        if answer.status_code == 201:
            told = answer.json()
            assert log.accepted.setdefault(told["bid_no"], amount) == amount, "two bids of one number"
        else:
            assert answer.status_code == 409, answer.text
            log.refused += 1
        return
    raise AssertionError("a bid was never answered")


async def test_every_acknowledged_bid_survives_a_server_that_is_killed(
    fresh_database: Database, tmp_path: Path
) -> None:
    sale = await started(fresh_database, bidders=BIDDERS)
    rendered = fresh_database.engine.url.render_as_string(hide_password=False)
    database_url = rendered.replace("+asyncpg", "")
    choice, log, stop = random.Random(11), Log(), asyncio.Event()
    server: Server = await asyncio.to_thread(start_server, database_url, log=tmp_path / "log")
    url = [server.url]
    bidding = [asyncio.create_task(_bid_on(url, sale, member, log, stop)) for member in sale.bidders]
    try:
        for _ in range(KILLS):
            await asyncio.sleep(1 + choice.random())
            server.kill()
            server = await asyncio.to_thread(
                start_server, database_url, port=server.port, log=tmp_path / "log"
            )
        await asyncio.sleep(1)
        stop.set()
        await asyncio.gather(*bidding)
    finally:
        end(server.process)
    bids = await check_record(fresh_database, sale)
    async with fresh_database.transaction() as session:
        stored = (
            await session.execute(
                select(BidRow.bid_no, BidRow.amount_minor).where(BidRow.auction_id == sale.auction_id)
            )
        ).all()
    kept = {row.bid_no: row.amount_minor for row in stored}
    lost = [number for number, amount in log.accepted.items() if kept.get(number) != amount]
    tell(
        "kills",
        f"server killed {KILLS} times: {len(log.accepted)} bids acknowledged, {len(lost)} lost, {log.refused} refused,"
        f" {log.unknown} without an answer, each asked again",
    )
    assert lost == [], "an acknowledged bid is lost"
    assert {row.amount_minor for row in stored} <= {amount for _, amount in log.sent}, "a bid nobody sent"
    # Each unknown outcome was asked again under its key, so every stored bid was acknowledged in the end.
    assert len(kept) == len(log.accepted) == len(bids)
    assert len(bids) >= 20 and log.unknown >= 1
