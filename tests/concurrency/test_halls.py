"""Deposit units under contention, on databases that commit."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.sessions.tables import SessionRegistrationRow
from app.db.session import Database
from app.kit.errors import Refusal
from tests.factories.sessions import bid_online, make_ready_session, open_lot, raise_paddle

HELD = """
    SELECT (SELECT count(*) FROM unit_holds WHERE NOT won) AS holds,
           (SELECT coalesce(sum(units_leading), 0) FROM session_registrations) AS leading,
           (SELECT count(*) FROM session_registrations WHERE units_leading + units_won > units) AS over
"""


async def told(database: Database, act: Callable[[AsyncSession], Awaitable[object]]) -> str:
    """`done`, or the refusal's code."""
    try:
        async with database.transaction() as session:
            await act(session)
    except Refusal as refusal:
        return refusal.code
    return "done"


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
