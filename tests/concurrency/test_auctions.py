"""Races on one auction, on committed databases: the lock, the clock read after it, and the key."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text

from app.auctions import actions, repository
from app.auctions.errors import BiddingEnded
from app.auctions.rules import engine
from app.auctions.rules.facts import BidPlaced, KnockedDown
from app.auctions.rules.record import link
from app.auctions.tables import AuctionEventRow, AuctionRow, BidRow
from app.config import Settings
from app.db.clock import Clock, move_sandbox_clock
from app.db.session import Database
from app.events.tables import EventRow
from app.kit.errors import Refusal
from app.kit.ids import new_id
from app.kit.money import fen, yuan
from app.main import create_app
from app.markets.tables import AwardRow
from app.signing.rules.chain import GENESIS
from tests.factories.auctions import CLOCK, TERMS, WAN, Sale, advance_to, make_started, place
from tests.factories.identity import Member

STEP = 10 * WAN
FREE = TERMS.model_copy(update={"deposit": "0.00"})


async def started(database: Database, *, bidders: int, **changed: Any) -> Sale:
    """A committed sale in its free phase, without deposits unless told otherwise."""
    async with database.transaction() as session:
        return await make_started(session, bidders=bidders, terms=FREE.model_copy(update=changed))


async def check_record(database: Database, sale: Sale) -> list[BidPlaced]:
    """I-01, I-02, I-06, I-34 on what is stored. Returns the bids."""
    async with database.transaction() as session:
        row = await sale.row(session)
        stored = await repository.facts_of(session, sale.auction_id, limit=100_000)
        rows = (
            await session.execute(
                select(BidRow).where(BidRow.auction_id == sale.auction_id).order_by(BidRow.bid_no)
            )
        ).scalars()
        told = await session.execute(
            select(func.count())
            .select_from(EventRow)
            .where(EventRow.subject_id == sale.auction_id, EventRow.kind.startswith("auctions."))
        )
        head = GENESIS
        for fact, digest in stored:
            head = link(sale.auction_id, fact, head)
            assert digest == head, f"the chain breaks at {fact.seq}"
        facts = [fact for fact, _ in stored]
        assert [fact.seq for fact in facts] == list(range(1, row.seq + 1)), "seq has a gap"
        assert engine.replay(repository.pinned(row), facts) == repository.snapshot_of(row), "a replay differs"
        assert told.scalar_one() == len(facts), "an event of the record was not told, or told twice"
        bids = [fact for fact in facts if isinstance(fact, BidPlaced)]
        assert [bid.bid_no for bid in bids] == list(range(1, len(bids) + 1)), "bid_no has a gap"
        assert [(b.bid_no, b.seq, b.amount_minor) for b in rows] == [
            (b.bid_no, b.seq, b.amount_minor) for b in bids
        ]
        for before, after in pairwise(bids):
            raised = after.amount_minor - before.amount_minor
            assert raised > 0 and raised % STEP == 0, "not raised by the increment"
            assert after.bidder_code != before.bidder_code, "somebody raised himself"
        return bids


@pytest.fixture
async def http(fresh_database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application on the test's own database."""
    app: FastAPI = create_app(settings, database=fresh_database)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            yield client


async def test_fifty_bidders_race_and_the_record_stays_whole(
    fresh_database: Database, http: httpx.AsyncClient
) -> None:
    sale = await started(fresh_database, bidders=50)
    path = f"/v1/auctions/{sale.auction_id}"
    acknowledged: list[dict[str, Any]] = []

    async def bid_on(member: Member) -> None:
        price = fen("1900000.00")
        for _ in range(6):
            amount = yuan(price + STEP)
            headers = member.headers | {"Idempotency-Key": new_id().hex}
            answer = await http.post(f"{path}/bids", json={"amount": amount}, headers=headers)
            while answer.status_code == 503:
                answer = await http.post(f"{path}/bids", json={"amount": amount}, headers=headers)
            if answer.status_code == 201:
                acknowledged.append(answer.json())
                price = fen(answer.json()["amount"]["amount"])
                continue
            refusal = answer.json()
            assert refusal["code"] in {"bid_not_above_current", "already_highest"}, refusal
            current = (await http.get(path)).json()["current_price"]
            price = fen(current["amount"])

    await asyncio.gather(*(bid_on(member) for member in sale.bidders))

    bids = await check_record(fresh_database, sale)
    assert len(bids) >= 6
    assert {(bid.seq, bid.amount_minor) for bid in bids} == {
        (bid["seq"], fen(bid["amount"]["amount"])) for bid in acknowledged
    }, "what was acknowledged is not what is stored"
    async with fresh_database.transaction() as session:
        row = await sale.row(session)
        assert row.ends_at is not None
        await advance_to(session, row.ends_at)
    async with fresh_database.transaction() as session:
        assert await actions.sweep(session, CLOCK)
    await check_record(fresh_database, sale)
    async with fresh_database.transaction() as session:
        (award,) = (await session.execute(select(AwardRow))).scalars()
        assert award.amount_minor == bids[-1].amount_minor
        assert (await sale.row(session)).award_id == award.id


async def test_the_same_key_twenty_times_at_once_places_one_bid(
    fresh_database: Database, http: httpx.AsyncClient
) -> None:
    sale = await started(fresh_database, bidders=2)
    headers = sale.bidders[0].headers | {"Idempotency-Key": "one-bid-however-often"}
    path, body = f"/v1/auctions/{sale.auction_id}/bids", {"amount": "2000000.00"}
    answers = await asyncio.gather(*(http.post(path, json=body, headers=headers) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 19
    (bid,) = await check_record(fresh_database, sale)
    assert answers[0].json()["seq"] == bid.seq


async def test_a_bid_that_waited_for_the_lock_past_the_end_is_refused(fresh_database: Database) -> None:
    sale = await started(fresh_database, bidders=1)
    async with fresh_database.transaction() as session:
        row = await sale.row(session)
        assert row.ends_at is not None
        end = row.ends_at
        await advance_to(session, end - timedelta(seconds=60))

    async def bid() -> None:
        async with fresh_database.transaction() as session:
            await place(session, sale, sale.bidders[0], "2000000.00")

    async with fresh_database.session() as holder, holder.begin():
        await repository.lock(holder, sale.auction_id)
        waiting = asyncio.create_task(bid())
        await _until_somebody_waits(fresh_database)
        async with fresh_database.transaction() as session:
            await advance_to(session, end)
    with pytest.raises(BiddingEnded):
        await waiting
    assert await check_record(fresh_database, sale) == []


async def _until_somebody_waits(database: Database) -> None:
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(500):
        async with database.transaction() as session:
            if (await session.execute(waits)).scalar_one():
                return
        await asyncio.sleep(0.005)
    raise AssertionError("nobody waits for the lock")


@pytest.mark.parametrize("round_no", range(8))
async def test_bids_racing_the_close_come_before_it_or_not_at_all(
    fresh_database: Database, round_no: int
) -> None:
    sale = await started(fresh_database, bidders=10, extensions_max=1)
    async with fresh_database.transaction() as session:
        row = await sale.row(session)
        assert row.ends_at is not None
        # One extension is spent, so that the end no longer moves while they race.
        await advance_to(session, row.ends_at - timedelta(seconds=10))
        await place(session, sale, sale.bidders[0], "2000000.00")
        end = (await sale.row(session)).ends_at
        assert end is not None
        await advance_to(session, end - timedelta(milliseconds=15 * round_no))

    async def bid(number: int) -> bool:
        await asyncio.sleep(0.004 * number)
        async with fresh_database.transaction() as session:
            try:
                row = await repository.lock(session, sale.auction_id)
                amount = yuan((row.current_minor or 0) + STEP)
                await place(session, sale, sale.bidders[number], amount)
            except Refusal:
                return False
        return True

    async def close() -> None:
        for _ in range(400):
            async with fresh_database.transaction() as session:
                await actions.sweep(session, CLOCK)
                if (await sale.row(session)).status == "awarded":
                    return
            await asyncio.sleep(0.002)
        raise AssertionError("nobody closed the sale")

    accepted, _ = await asyncio.gather(asyncio.gather(*(bid(n) for n in range(1, 10))), close())
    bids = await check_record(fresh_database, sale)
    assert len(bids) == 1 + sum(accepted)
    async with fresh_database.transaction() as session:
        row = await sale.row(session)
        facts = [fact for fact, _ in await repository.facts_of(session, sale.auction_id)]
    won = facts[-1]
    assert isinstance(won, KnockedDown), "something follows the close"
    assert (won.bid_seq, won.amount_minor) == (bids[-1].seq, bids[-1].amount_minor)
    assert row.ends_at is not None
    assert all(bid.at < row.ends_at for bid in bids), "accepted at or after the end"
    assert won.at >= row.ends_at


async def test_ten_timers_at_once_close_a_sale_once(fresh_database: Database) -> None:
    sale = await started(fresh_database, bidders=2)
    async with fresh_database.transaction() as session:
        await place(session, sale, sale.bidders[0], "2000000.00")
        row = await sale.row(session)
        assert row.ends_at is not None
        await advance_to(session, row.ends_at)

    async def sweep() -> bool:
        async with fresh_database.transaction() as session:
            return await actions.sweep(session, CLOCK)

    assert sum(await asyncio.gather(*(sweep() for _ in range(10)))) == 1
    async with fresh_database.transaction() as session:
        assert (await session.execute(select(func.count()).select_from(AwardRow))).scalar_one() == 1
    await check_record(fresh_database, sale)


async def test_a_bid_whose_commit_fails_is_never_acknowledged_and_leaves_nothing(
    fresh_database: Database, http: httpx.AsyncClient
) -> None:
    sale = await started(fresh_database, bidders=1)
    async with fresh_database.transaction() as session:
        await session.execute(
            text(
                "CREATE FUNCTION bids_refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'at commit'; END $$"
            )
        )
        await session.execute(
            text(
                "CREATE CONSTRAINT TRIGGER bids_refuse AFTER INSERT ON bids DEFERRABLE INITIALLY DEFERRED"
                " FOR EACH ROW EXECUTE FUNCTION bids_refuse()"
            )
        )
    path = f"/v1/auctions/{sale.auction_id}"
    before = (await http.get(path)).json()
    headers = sale.bidders[0].headers | {"Idempotency-Key": new_id().hex}
    answer = await http.post(f"{path}/bids", json={"amount": "2000000.00"}, headers=headers)
    assert answer.status_code == 500
    assert (await http.get(path)).json() == before
    async with fresh_database.transaction() as session:
        await session.execute(text("DROP TRIGGER bids_refuse ON bids"))
    again = await http.post(f"{path}/bids", json={"amount": "2000000.00"}, headers=headers)
    assert (again.status_code, again.json()["bid_no"]) == (201, 1)
    assert "idempotency-replayed" not in again.headers


async def test_an_accelerated_clock_closes_on_its_own_time(fresh_database: Database) -> None:
    sale = await started(fresh_database, bidders=1)
    async with fresh_database.transaction() as session:
        await place(session, sale, sale.bidders[0], "2000000.00")
        row = await sale.row(session)
        assert row.ends_at is not None
        await advance_to(session, row.ends_at - timedelta(seconds=120))
        await move_sandbox_clock(session, advance=timedelta(0), rate=1_440)
    closed: AuctionRow | None = None
    for _ in range(100):
        async with fresh_database.transaction() as session:
            await actions.sweep(session, Clock())
            closed = await sale.row(session)
        if closed.status == "awarded":
            break
        await asyncio.sleep(0.01)
    assert closed is not None and closed.status == "awarded"
    async with fresh_database.transaction() as session:
        last = (
            await session.execute(select(AuctionEventRow).where(AuctionEventRow.seq == closed.seq))
        ).scalar_one()
    assert closed.ends_at is not None and last.at >= closed.ends_at
