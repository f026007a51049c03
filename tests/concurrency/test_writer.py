"""The writer of bids: batches, what goes wrong in them, and who is harmed by it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions import writer as writing
from app.auctions.actions.batch import Asked
from app.auctions.schemas import BidIn
from app.auctions.tables import BidRow
from app.auctions.writer import BidQueueFull, Writer
from app.db.session import Database
from app.events.tables import EventRow
from app.http.answers import Answer, KeyUse
from app.hub import Hub
from app.kit.ids import new_id
from app.kit.money import fen, yuan
from app.signing.keyring import Keyring
from tests.concurrency.test_auctions import STEP, check_record, started
from tests.factories.auctions import Sale
from tests.factories.identity import Member

START = fen("2000000.00")
LONG = 30 * 86_400
"""A free phase that outlasts the weeks by which the clock moves on for each further sale."""


def asked(sale: Sale, member: Member, amount_minor: int, *, key: str | None = None) -> Asked:
    """A bid as the door hands it in."""
    body = BidIn(amount=yuan(amount_minor), confirm_jump=True)
    use = KeyUse(
        member.actor.key_space,
        key or new_id().hex,
        f"POST /v1/auctions/{sale.auction_id}/bids",
        body.model_dump_json(),
    )
    return Asked(sale.auction_id, member.actor, body, use, "a-request")


def rising(sale: Sale, count: int, *, first: int = 0) -> list[Asked]:
    """Bids of the sale's bidders in turn, each one step above the one before."""
    return [
        asked(sale, sale.bidders[number % len(sale.bidders)], START + STEP * number)
        for number in range(first, first + count)
    ]


def told(answers: list[Answer]) -> list[Any]:
    """The status of each, with its code where it refuses."""
    return [one.status if one.status == 201 else json.loads(one.body)["code"] for one in answers]


@asynccontextmanager
async def writer_on(database: Database) -> AsyncIterator[Writer]:
    """A process's writer."""
    hub = Hub(None)
    made = Writer(database, hub)
    made.start()
    try:
        yield made
    finally:
        await made.stop()
        await hub.stop()


@pytest.fixture
async def writer(fresh_database: Database) -> AsyncIterator[Writer]:
    async with writer_on(fresh_database) as made:
        yield made


async def _transactions(database: Database, sale: Sale) -> int:
    """How many transactions wrote this sale's bids."""
    wrote = select(func.count(func.distinct(EventRow.xid))).where(
        EventRow.subject_id == sale.auction_id, EventRow.kind == "auctions.bid_placed"
    )
    async with database.transaction() as session:
        return int((await session.execute(wrote)).scalar_one())


async def test_bids_that_wait_together_are_written_together_in_the_order_in_which_they_came(
    fresh_database: Database, writer: Writer
) -> None:
    sales = [await started(fresh_database, bidders=2, free_seconds=LONG) for _ in range(2)]
    bids = [bid for group in zip(*(rising(sale, 20) for sale in sales), strict=True) for bid in group]
    answers = await asyncio.gather(*(writer.place(bid) for bid in bids))
    assert told(answers) == [201] * 40
    for sale in sales:
        stored = await check_record(fresh_database, sale)
        assert [bid.amount_minor for bid in stored] == [START + STEP * number for number in range(20)]
        assert await _transactions(fresh_database, sale) == 1


async def test_a_refused_bid_in_a_batch_leaves_the_others_as_they_are(
    fresh_database: Database, writer: Writer
) -> None:
    sale = await started(fresh_database, bidders=2)
    one, other = sale.bidders
    bids = [
        asked(sale, one, START),
        asked(sale, one, START + STEP),
        asked(sale, other, START + 1),
        asked(sale, other, START + STEP),
        asked(sale, one, START + STEP),
    ]
    answers = await asyncio.gather(*(writer.place(bid) for bid in bids))
    assert told(answers) == [201, "already_highest", "bid_not_above_current", 201, "bid_not_above_current"]
    again = await asyncio.gather(*(writer.place(bid) for bid in bids))
    assert [(one.body, one.status, True) for one in answers] == [
        (one.body, one.status, one.replayed) for one in again
    ]
    assert len(await check_record(fresh_database, sale)) == 2


async def test_a_key_that_comes_twice_in_one_batch_places_one_bid(
    fresh_database: Database, writer: Writer
) -> None:
    sale = await started(fresh_database, bidders=1)
    key, (bidder,) = new_id().hex, sale.bidders
    twice = [asked(sale, bidder, START, key=key), asked(sale, bidder, START, key=key)]
    other = asked(sale, bidder, START + STEP, key=key)
    first, second, third = await asyncio.gather(*(writer.place(bid) for bid in [*twice, other]))
    assert (first.status, first.replayed, second.replayed) == (201, False, True)
    assert first.body == second.body
    assert told([third]) == ["idempotency_key_reused"]
    assert told([await writer.place(other)]) == ["idempotency_key_reused"]
    assert len(await check_record(fresh_database, sale)) == 1


async def test_one_bid_that_cannot_be_stored_costs_only_itself(
    fresh_database: Database, writer: Writer
) -> None:
    sale = await started(fresh_database, bidders=2)
    bids = rising(sale, 20)
    bids[7] = asked(sale, sale.bidders[1], START + STEP * 7 + STEP * 100)
    bids[8:] = rising(sale, 12, first=108)
    async with fresh_database.transaction() as session:
        for statement in (
            (
                "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.amount_minor ="
                f" {START + STEP * 107} THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$"
            ),
            "CREATE TRIGGER poison BEFORE INSERT ON bids FOR EACH ROW EXECUTE FUNCTION poison()",
        ):
            await session.execute(text(statement))
    answers = await asyncio.gather(*(writer.place(bid) for bid in bids))
    # The one after it comes from the same leader as the one before it: the poisoned bid never was.
    assert told(answers) == [201] * 7 + ["internal_fault", "already_highest"] + [201] * 11
    assert len(await check_record(fresh_database, sale)) == 18


class _Unheard(AsyncSession):
    """A connection that breaks at the commit: after it, or before it."""

    async def commit(self) -> None:
        await (super().commit() if self.info["happens"] else super().rollback())
        self.info["broken"].append(True)
        raise ConnectionResetError


class _Breaking(Database):
    """A database whose first commit nobody hears of."""

    happens: bool
    broken: list[bool]

    def session(self) -> AsyncSession:
        if self.broken:
            return super().session()
        info = {"happens": self.happens, "broken": self.broken}
        return _Unheard(self.engine, expire_on_commit=False, info=info)


@pytest.mark.parametrize("happens", [True, False])
async def test_after_a_commit_that_nobody_heard_of_each_bid_has_one_effect_and_its_answer(
    fresh_database: Database, happens: bool
) -> None:
    sale = await started(fresh_database, bidders=2)
    url = fresh_database.engine.url.render_as_string(hide_password=False)
    breaking = _Breaking(url)
    breaking.happens, breaking.broken = happens, []
    async with writer_on(breaking) as writer:
        answers = await asyncio.gather(*(writer.place(bid) for bid in rising(sale, 10)))
    await breaking.dispose()
    assert breaking.broken == [True]
    assert told(answers) == [201] * 10
    assert not any(answer.replayed for answer in answers)
    assert [json.loads(answer.body)["bid_no"] for answer in answers] == list(range(1, 11))
    assert len(await check_record(fresh_database, sale)) == 10


async def test_a_full_queue_refuses_at_once_and_says_when_to_come_again(
    fresh_database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = await started(fresh_database, bidders=2)
    monkeypatch.setattr(writing, "QUEUE_MAX", 5)
    outcomes = await asyncio.gather(*(writer.place(bid) for bid in rising(sale, 8)), return_exceptions=True)
    full = [one for one in outcomes if isinstance(one, BidQueueFull)]
    assert len(full) == 3 and full[0].status == 503 and full[0].data == {"retry_after_seconds": 1}
    assert told([one for one in outcomes if isinstance(one, Answer)]) == [201] * 5
    assert told([await writer.place(bid) for bid in rising(sale, 1, first=5)]) == [201]


async def _seconds(work: Awaitable[Any]) -> float:
    began = asyncio.get_running_loop().time()
    await work
    return asyncio.get_running_loop().time() - began


async def test_a_sale_that_somebody_holds_harms_no_other_and_its_bids_are_told_to_come_again(
    fresh_database: Database, writer: Writer
) -> None:
    stuck, free = [await started(fresh_database, bidders=2, free_seconds=LONG) for _ in range(2)]
    async with fresh_database.session() as holder, holder.begin():
        await repository.lock(holder, stuck.auction_id)
        waiting = asyncio.gather(*(writer.place(bid) for bid in rising(stuck, 5)))
        took = [await _seconds(writer.place(bid)) for bid in rising(free, 10)]
        assert not waiting.done()
        assert max(took) < 1.5, "a stuck sale holds up another one"
        assert told(await waiting) == ["busy"] * 5
    assert told([await writer.place(bid) for bid in rising(stuck, 2)]) == [201, 201]
    assert len(await check_record(fresh_database, stuck)) == 2
    assert len(await check_record(fresh_database, free)) == 10


async def test_bids_that_waited_for_a_held_sale_are_written_in_their_order_once_it_is_free(
    fresh_database: Database, writer: Writer
) -> None:
    sale = await started(fresh_database, bidders=2)
    async with fresh_database.session() as holder, holder.begin():
        await repository.lock(holder, sale.auction_id)
        waiting = []
        for bid in rising(sale, 12):
            waiting.append(asyncio.create_task(writer.place(bid)))
            await asyncio.sleep(0.01)
    assert told(await asyncio.gather(*waiting)) == [201] * 12
    assert len(await check_record(fresh_database, sale)) == 12


async def test_a_bid_whose_sender_went_away_while_it_waited_is_not_placed(
    fresh_database: Database, writer: Writer
) -> None:
    sale = await started(fresh_database, bidders=2)
    async with fresh_database.session() as holder, holder.begin():
        await repository.lock(holder, sale.auction_id)
        # The first one is in the batch that waits for the lock; what comes behind it waits in the queue.
        first, gone, last = (asyncio.create_task(writer.place(bid)) for bid in rising(sale, 3))
        await asyncio.sleep(0.2)
        late = asyncio.create_task(writer.place(asked(sale, sale.bidders[1], START + STEP * 9)))
        await asyncio.sleep(0.05)
        late.cancel()
    assert told([await first, await gone, await last]) == [201] * 3
    with pytest.raises(asyncio.CancelledError):
        await late
    assert len(await check_record(fresh_database, sale)) == 3


async def test_writers_of_several_processes_take_turns_on_one_sale(fresh_database: Database) -> None:
    sale = await started(fresh_database, bidders=6)
    accepted: list[int] = []

    async def bid_on(writer: Writer, member: Member) -> None:
        amount = START
        for _ in range(12):
            (answer,) = [await writer.place(asked(sale, member, amount))]
            body = json.loads(answer.body)
            if answer.status == 201:
                accepted.append(body["bid_no"])
            assert answer.status in (201, 409), body
            async with fresh_database.transaction() as session:
                row = await sale.row(session)
                amount = (row.current_minor or START) + STEP

    async with (
        writer_on(fresh_database) as one,
        writer_on(fresh_database) as two,
        writer_on(fresh_database) as three,
    ):
        writers = [one, two, three]
        await asyncio.gather(*(bid_on(writers[n % 3], member) for n, member in enumerate(sale.bidders)))
    stored = await check_record(fresh_database, sale)
    assert sorted(accepted) == [bid.bid_no for bid in stored]
    assert len(stored) >= 12
    async with fresh_database.transaction() as session:
        count = select(func.count()).select_from(BidRow).where(BidRow.auction_id == sale.auction_id)
        assert (await session.execute(count)).scalar_one() == len(stored)


async def test_a_key_that_was_retired_unnoticed_signs_no_further_batch(fresh_database: Database) -> None:
    sale = await started(fresh_database, bidders=2)
    fresh_database.lend(keyring=Keyring("k" * 32))
    async with writer_on(fresh_database) as writer:
        first = await asyncio.gather(*(writer.place(bid) for bid in rising(sale, 3)))
        async with fresh_database.transaction() as session:
            elsewhere = await Keyring("k" * 32).rotate(session)
        second = await asyncio.gather(*(writer.place(bid) for bid in rising(sale, 3, first=3)))
    signed = [json.loads(answer.body)["receipt"]["key_id"] for answer in (*first, *second)]
    assert signed[3:] == [elsewhere] * 3
    assert len(set(signed[:3])) == 1 and signed[0] != elsewhere
    await check_record(fresh_database, sale)
