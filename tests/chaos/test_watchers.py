"""Many who watch one sale on a real server: nobody misses anything, a deaf one is cut, and the end is in good order."""

import asyncio
import json
import signal
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from app.db.session import Database
from app.http.lines import SLOW_SECONDS
from app.kit.ids import new_id
from app.kit.money import fen, yuan
from tests.concurrency.test_auctions import STEP, started
from tests.concurrency.test_writer import rising, writer_on
from tests.crowd import Crowd, open_stream
from tests.factories.auctions import Sale
from tests.processes import Server, end, start_server
from tests.streams import listen

pytestmark = pytest.mark.chaos

WATCHERS = 1_000
BIDDERS = 4
AT_ONCE = 8
MANY = 1_500
LONG = 30 * 86_400
START = fen("2000000.00")
SMALL_BYTES = 8_192


@pytest.fixture
async def sale(fresh_database: Database) -> Sale:
    """A sale on which anybody of a few may bid for weeks."""
    return await started(fresh_database, bidders=BIDDERS, free_seconds=LONG)


@pytest.fixture
def server(fresh_database: Database, sale: Sale) -> Iterator[Server]:
    """A process that serves it."""
    made = start_server(
        fresh_database.engine.url.render_as_string(hide_password=False).replace("+asyncpg", "")
    )
    yield made
    end(made.process)


async def _bid(server: Server, sale: Sale, count: int) -> int:
    """So many bids, some at once; those that come too late for their amount are refused. Gives the last `seq`."""
    last = 0
    path = f"{server.url}/v1/auctions/{sale.auction_id}/bids"
    async with httpx.AsyncClient(timeout=20) as client:
        for start in range(0, count, AT_ONCE):
            answers = await asyncio.gather(
                *(
                    client.post(
                        path,
                        json={"amount": yuan(START + STEP * number), "confirm_jump": True},
                        headers=sale.bidders[number % BIDDERS].headers | {"Idempotency-Key": new_id().hex},
                    )
                    for number in range(start, start + AT_ONCE)
                )
            )
            last = max([last, *(one.json()["seq"] for one in answers if one.status_code == 201)])
    return last


async def test_a_thousand_watchers_hear_every_event_in_order_while_bids_flow(
    server: Server, sale: Sale, fresh_database: Database
) -> None:
    async with fresh_database.session() as session:
        begins = (await sale.row(session)).seq
    crowd = Crowd(f"{server.url}/v1/auctions/{sale.auction_id}/stream", after=begins)
    await asyncio.to_thread(crowd.open, WATCHERS)
    with crowd.listening():
        last = await _bid(server, sale, 240)
        await asyncio.to_thread(crowd.wait_for, last, 20)
    assert last >= begins + 60
    every = list(range(begins + 1, last + 1))
    wrong = [one for one in crowd.watchers.values() if one.ended or one.ids != every]
    assert (len(crowd.watchers), len(wrong)) == (WATCHERS, 0), wrong[0].ids if wrong else ""


async def test_a_watcher_who_does_not_read_is_cut_hurts_nobody_and_resumes_without_a_gap(
    server: Server, sale: Sale, fresh_database: Database
) -> None:
    url = f"{server.url}/v1/auctions/{sale.auction_id}/stream"
    deaf = await asyncio.to_thread(open_stream, url, receive_bytes=SMALL_BYTES)
    first = await asyncio.to_thread(deaf.recv, 1_024)
    assert first.startswith(b"HTTP/1.1 200 OK")
    crowd = Crowd(url, after=0)
    await asyncio.to_thread(crowd.open, 20)
    with crowd.listening():
        # Another process writes them, faster than anybody bids.
        async with writer_on(fresh_database) as writer:
            answers = await asyncio.gather(*(writer.place(bid) for bid in rising(sale, MANY)))
        last = max(json.loads(one.body)["seq"] for one in answers)
        await asyncio.to_thread(crowd.wait_for, last, 20)
    assert [one.ids for one in crowd.watchers.values()] == [list(range(1, last + 1))] * 20
    # He has not made room for some seconds.
    await asyncio.sleep(SLOW_SECONDS + 1)
    heard = _ids(first + await asyncio.to_thread(_read_to_the_end, deaf))
    assert heard == list(range(1, len(heard) + 1))
    assert len(heard) < last
    async with listen(url, headers={"Last-Event-ID": str(heard[-1])}) as ear:
        resumed = [int((await ear.next()).id or 0) for _ in range(last - heard[-1])]
    assert resumed == list(range(heard[-1] + 1, last + 1))


async def test_a_stream_ends_in_good_order_when_its_server_ends(server: Server, sale: Sale) -> None:
    streams = [
        await asyncio.to_thread(open_stream, f"{server.url}/v1/{path}", headers=headers)
        for path, headers in (
            (f"auctions/{sale.auction_id}/stream", {}),
            ("stream", dict(sale.bidders[0].headers)),
        )
    ]
    heads = [await asyncio.to_thread(one.recv, 65_536) for one in streams]
    assert all(head.startswith(b"HTTP/1.1 200 OK") for head in heads)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    for head, one in zip(heads, streams, strict=True):
        said = head + await asyncio.to_thread(_read_to_the_end, one)
        assert said.endswith(b"\r\n0\r\n\r\n")
    assert await asyncio.to_thread(server.process.wait, 10) in (0, -signal.SIGTERM)
    assert time.monotonic() - began < 4


def _read_to_the_end(line: socket.socket) -> bytes:
    said = b""
    try:
        while piece := line.recv(65_536):
            said += piece
    except ConnectionResetError:
        pass
    line.close()
    return said


def _ids(said: bytes) -> list[int]:
    """The ids of the events that came whole."""
    return [int(line[4:]) for line in said.rpartition(b"\n\n")[0].split(b"\n") if line.startswith(b"id: ")]
