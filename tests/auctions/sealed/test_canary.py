"""Amounts are planted in envelopes; before the opening they are found nowhere: tables, log of writes, dump, log, Redis.

After the opening they are found, else the search itself would prove nothing.
"""

import asyncio
import io
import os
import struct
import sys

import asyncpg
import httpx
import pytest
import redis.asyncio
from fastapi import FastAPI

from app.auctions.sealed.schemas import PassOut
from app.config import Settings
from app.db.session import Database
from app.embedded.binaries import find_binaries
from app.logs import configure_logs
from app.sealing.envelopes import bid, seal
from tests.factories.identity import Member
from tests.factories.sealed import (
    SEALED_TERMS,
    SealedSale,
    close_sealing,
    custody_of,
    hand_in,
    make_sealing,
    place_of,
)

PLANTED = ("3141592.65", "2718281.83")


def forms(amount: str) -> dict[str, bytes]:
    """Every way in which an amount may lie about: as text, and as the integers that programs and databases keep."""
    whole, cents = amount.split(".")
    fen = int(whole + cents)
    wan = f"{fen / 1_000_000:.6f}".rstrip("0")
    groups = [int(f"{fen:012d}"[n : n + 4]) for n in range(0, 12, 4)]
    texts = [amount, f"{int(whole):,}.{cents}", str(fen), f"{fen:,}", wan, f"{fen:x}"]
    return (
        {text: text.encode() for text in texts}
        | {f"hex {text}": text.encode().hex().encode() for text in texts[:3]}
        | {f"utf-16 {text}": text.encode("utf-16-le") for text in texts[:3]}
        | {
            "int8 big": struct.pack(">q", fen),
            "int8 little": struct.pack("<q", fen),
            "int4 big": struct.pack(">i", fen),
            "int4 little": struct.pack("<i", fen),
            "numeric digits": struct.pack("<hhh", *groups),
            "double": struct.pack("<d", float(amount)),
        }
    )


def heard(where: str, bytes_: bytes) -> set[str]:
    """The planted amounts that are found, each with its form."""
    # Four bytes alone are found by chance in megabytes of ciphertext: they are looked for in what is small.
    chance = {"int4 big", "int4 little"} if len(bytes_) > 1_000_000 else set()
    return {
        f"{where}: {amount} as {form}"
        for amount in PLANTED
        for form, pattern in forms(amount).items()
        if form not in chance and pattern in bytes_
    }


async def written(url: str) -> dict[str, bytes]:
    """All that PostgreSQL has on its disk of this database, and the log of writes."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CHECKPOINT")
        files = await connection.fetch(
            "SELECT relname AS name, pg_relation_filepath(oid) AS path FROM pg_class"
            " WHERE relkind IN ('r', 'i', 't') AND pg_relation_filepath(oid) LIKE 'base/%'"
        )
        files += await connection.fetch("SELECT name, 'pg_wal/' || name AS path FROM pg_ls_waldir()")
        found = {}
        for file in files:
            data = await connection.fetchval("SELECT pg_read_binary_file($1, true)", file["path"])
            found[file["name"]] = data or b""
    finally:
        await connection.close()
    return found


async def dumped(url: str) -> bytes:
    """A dump, as a backup makes it."""
    program = await asyncio.create_subprocess_exec(
        find_binaries().postgres("pg_dump"), "--inserts", url, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await program.communicate()
    assert program.returncode == 0
    return told


async def cached(url: str) -> bytes:
    """Everything in Redis."""
    client = redis.asyncio.Redis.from_url(url)
    told = [b"%s=%s" % (key, await client.dump(key) or b"") async for key in client.scan_iter("*")]
    await client.aclose()
    return b"\n".join(told)


async def everywhere(settings: Settings, database_url: str, log: str) -> set[str]:
    """Where planted amounts are found now."""
    found = heard("log", log.encode()) | heard("dump", await dumped(database_url))
    found |= heard("redis", await cached(settings.redis_url or os.environ["TEST_REDIS_URL"]))
    for name, data in (await written(database_url)).items():
        found |= heard(name, data)
    return found


async def send_over_http(client: httpx.AsyncClient, sale: SealedSale, bidder: Member, amount: str) -> None:
    """What the browser does: fetch the pass signed in, send the envelope without a name."""
    path = f"/v1/auctions/{sale.auction_id}/envelope"
    given = PassOut.model_validate((await client.get(path, headers=bidder.headers)).json())
    envelope = seal(bid(amount, given.bidder_code), place_of(given), custody_of(given))
    answer = await client.put(
        path, json=envelope.model_dump(mode="json"), headers={"Envelope-Pass": given.envelope_pass}
    )
    assert answer.status_code == 200, answer.text
    assert amount not in answer.text


async def test_planted_amounts_are_nowhere_before_the_opening_and_everywhere_after_it(
    app: FastAPI, database: Database, settings: Settings, database_url: str
) -> None:
    log, before = io.StringIO(), sys.stderr
    sys.stderr = log
    configure_logs("debug")
    try:
        async with database.transaction() as session:
            sale = await make_sealing(session, SEALED_TERMS, bidders=3)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            for bidder, amount in zip(sale.bidders, PLANTED, strict=False):
                await send_over_http(client, sale, bidder, amount)
            wrong = await client.put(
                f"/v1/auctions/{sale.auction_id}/envelope",
                json={"amount": "no envelope"},
                headers={"Envelope-Pass": "0" * 112},
            )
            assert wrong.status_code == 422
        assert await everywhere(settings, database_url, log.getvalue()) == set()
        async with database.transaction() as session:
            await close_sealing(session, sale)
            await hand_in(session, sale, sale.custodians[0][0])
        assert await everywhere(settings, database_url, log.getvalue()) == set()
        assert "/envelope" not in log.getvalue()
        async with database.transaction() as session:
            row = await hand_in(session, sale, sale.custodians[2][0])
            assert row.status == "awarded"
        after = await everywhere(settings, database_url, log.getvalue())
    finally:
        sys.stderr = before
        configure_logs("error")
    found_in = {one.split(":")[0] for one in after}
    assert {"dump", "bids", "auction_events"} <= found_in
    assert any(one.startswith("0000") for one in found_in)
    assert any("int8 little" in one for one in after)


@pytest.mark.parametrize("amount", PLANTED)
def test_the_search_finds_an_amount_in_every_form(amount: str) -> None:
    for form, pattern in forms(amount).items():
        assert any(form in one for one in heard("here", b"\x07" + pattern + b"\x07")), form
