"""A hall under contention, on databases that commit: floor against web, units against each other."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.sessions.tables import SessionRegistrationRow
from app.db.session import Database
from app.kit.errors import Refusal
from app.kit.money import yuan
from tests.factories.auctions import WAN
from tests.factories.sessions import bid_online, make_ready_session, open_lot, raise_paddle

TIMES = 200
"""So often do a paddle and a browser bid the same amount in the same instant."""
HELD = """
    SELECT (SELECT count(*) FROM unit_holds WHERE NOT won) AS holds,
           (SELECT coalesce(sum(units_leading), 0) FROM session_registrations) AS leading,
           (SELECT count(*) FROM session_registrations WHERE units_leading + units_won > units) AS over
"""


async def told(database: Database, act: Callable[[AsyncSession], Awaitable[object]]) -> str:
    """`done`, or the refusal's code with the next amount."""
    try:
        async with database.transaction() as session:
            await act(session)
    except Refusal as refusal:
        return f"{refusal.code} {refusal.data.get('next_amount', '')}".strip()
    return "done"


async def test_a_floor_bid_and_a_web_bid_of_one_amount_are_accepted_once_and_the_other_is_told_the_next(
    fresh_database: Database,
) -> None:
    async with fresh_database.transaction() as session:
        hall = await make_ready_session(session, lots=((200, 10),), unit="0.00", units=(0, 0, 0))
        await open_lot(session, hall, 1)
    one, two, opener = hall.bidders
    async with fresh_database.transaction() as session:
        await raise_paddle(session, hall, 1, opener, 200)
    wins = {"floor": 0, "web": 0}
    for turn in range(TIMES):
        # Nobody raises himself: the two who compete take turns with a third.
        amount = 210 + 20 * turn
        floor, web = await asyncio.gather(
            told(fresh_database, lambda s, wan=amount: raise_paddle(s, hall, 1, one, wan)),  # type: ignore[misc]
            told(fresh_database, lambda s, wan=amount: bid_online(s, hall, 1, two, wan)),  # type: ignore[misc]
        )
        lost = f"bid_not_above_current {yuan((amount + 10) * WAN)}"
        assert sorted((floor, web)) == sorted(("done", lost)), turn
        wins["floor" if floor == "done" else "web"] += 1
        async with fresh_database.transaction() as session:
            await raise_paddle(session, hall, 1, opener, amount + 10)
    assert sum(wins.values()) == TIMES
    async with fresh_database.transaction() as session:
        lot = await hall.lot(session, 1)
        assert (lot.bid_no, lot.current_minor) == (1 + 2 * TIMES, (200 + 20 * TIMES) * WAN)


async def test_under_any_race_no_more_units_are_held_than_were_paid_for(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        hall = await make_ready_session(session, lots=((200, 10),), units=(1, 1, 2, 1))
        await open_lot(session, hall, 1)
    for turn in range(12):
        amount = 200 + 10 * turn
        acts = [
            lambda s, b=bidder, wan=amount: (raise_paddle if turn % 2 else bid_online)(s, hall, 1, b, wan)  # type: ignore[misc] # noqa: B023
            for bidder in hall.bidders
        ]
        answers = await asyncio.gather(*(told(fresh_database, act) for act in acts))
        assert answers.count("done") == 1
        async with fresh_database.transaction() as session:
            row = (await session.execute(text(HELD))).one()
            assert (row.holds, row.leading, row.over) == (1, 1, 0)
            leading = await session.scalars(
                select(SessionRegistrationRow.id).where(SessionRegistrationRow.units_leading == 1)
            )
            assert len(leading.all()) == 1
