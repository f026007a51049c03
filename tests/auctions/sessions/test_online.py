"""An online session of three lots that runs by itself, through the worker; and one that adjourns overnight."""

from datetime import timedelta

from sqlalchemy import select

from app.auctions.rules.terms import SessionProfile
from app.config import Settings
from app.db.session import Database
from app.events.tables import EventRow
from app.hub import Hub
from app.kit.dates import beijing
from app.markets.tables import OfferingSubjectRow
from app.worker import Worker
from tests.factories.auctions import CLOCK, advance_to
from tests.factories.listings import make_registered
from tests.factories.sessions import Hall, bid_online, later, make_ready_session

ONLINE = SessionProfile.ONLINE_SESSION


async def prepared(database: Database, **named: object) -> Hall:
    """An online session of three lots, committed, at its start."""
    async with database.transaction() as session:
        hall = await make_ready_session(
            session, lots=((28, 1), (12, 1), (5, 1)), profile=ONLINE, units=(2, 2), **named
        )
        # What is sold becomes a contract, which is about something.
        made = await make_registered(session, hall.seller, hall.operator)
        lot = await hall.lot(session, 1)
        session.add(OfferingSubjectRow(offering_id=lot.offering_id, position=1, achievement_id=made.id))
        return hall


async def statuses(database: Database, hall: Hall) -> list[str]:
    async with database.transaction() as session:
        return [(await hall.lot(session, number)).status for number in (1, 2, 3)]


async def pass_time(database: Database, worker: Worker, seconds: float) -> None:
    async with database.transaction() as session:
        await later(session, seconds)
    await worker.drain()


async def test_three_lots_follow_each_other_by_themselves(
    fresh_database: Database, settings: Settings
) -> None:
    worker = Worker(settings, fresh_database, Hub(None))
    hall = await prepared(fresh_database)
    await worker.drain()
    assert await statuses(fresh_database, hall) == ["free_bidding", "ready", "ready"]
    async with fresh_database.transaction() as session:
        await bid_online(session, hall, 1, hall.bidders[0], 28)
    # The free phase, then a window in which nobody bids.
    await pass_time(fresh_database, worker, 961)
    assert await statuses(fresh_database, hall) == ["awarded", "ready", "ready"]
    await pass_time(fresh_database, worker, 21)
    assert await statuses(fresh_database, hall) == ["awarded", "free_bidding", "ready"]
    for _ in range(2):
        await pass_time(fresh_database, worker, 961)
        await pass_time(fresh_database, worker, 21)
    assert await statuses(fresh_database, hall) == ["awarded", "passed_in", "passed_in"]
    async with fresh_database.transaction() as session:
        assert (await hall.row(session)).status == "ended"
        kinds = await session.scalars(
            select(EventRow.kind).where(EventRow.subject_id == hall.session_id).order_by(EventRow.id)
        )
        assert list(kinds) == ["sessions.noticed", "sessions.readied", "sessions.started", "sessions.ended"]


async def test_past_the_days_limit_the_next_lot_waits_for_the_next_working_day(
    fresh_database: Database, settings: Settings
) -> None:
    worker = Worker(settings, fresh_database, Hub(None))
    hall = await prepared(fresh_database)
    async with fresh_database.transaction() as session:
        row = await hall.row(session)
        assert row.starts_at is not None
        await advance_to(session, row.starts_at + timedelta(hours=7, minutes=31))
    await worker.drain()
    async with fresh_database.transaction() as session:
        row = await hall.row(session)
        assert (row.status, await CLOCK.read(session) < row.continues_at) == ("adjourned", True)
        continues_at = row.continues_at
        assert continues_at is not None
        assert beijing(continues_at).strftime("%H:%M") == "09:30"
        await advance_to(session, continues_at)
    await worker.drain()
    # The first lot ended in the morning of the first day.
    assert await statuses(fresh_database, hall) == ["passed_in", "free_bidding", "ready"]


async def test_at_the_limit_the_lot_on_the_block_adjourns_with_its_price_held(
    fresh_database: Database, settings: Settings
) -> None:
    worker = Worker(settings, fresh_database, Hub(None))
    hall = await prepared(fresh_database, day_ends="10:10")
    async with fresh_database.transaction() as session:
        await bid_online(session, hall, 1, hall.bidders[0], 28)
    await pass_time(fresh_database, worker, 601)
    assert await statuses(fresh_database, hall) == ["adjourned", "ready", "ready"]
    async with fresh_database.transaction() as session:
        lot = await hall.lot(session, 1)
        assert (lot.current_minor, lot.next_due_at) != (None, None)
        assert lot.next_due_at is not None
        assert beijing(lot.next_due_at).strftime("%H:%M") == "09:30"
        await advance_to(session, lot.next_due_at)
    await worker.drain()
    async with fresh_database.transaction() as session:
        lot = await hall.lot(session, 1)
        assert (lot.status, lot.current_minor) == ("free_bidding", 28_000_000)
