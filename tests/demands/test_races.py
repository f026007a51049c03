"""Demands under contention, on a committed database of their own."""

import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from app.db.clock import Clock, move_sandbox_clock
from app.db.session import Database
from app.demands import actions
from app.demands.states import SolutionKind
from app.identity.permissions import Role
from app.kit.errors import Refusal
from tests.factories.demands import make_demand, make_solution
from tests.factories.identity import Member, make_member


async def _choose(database: Database, owner: Member, demand_id: UUID, version: int, solution_id: UUID) -> str:
    try:
        async with database.transaction() as session:
            await actions.choose_solution(
                session,
                Clock(),
                actor=owner.actor,
                demand_id=demand_id,
                version=version,
                solution_id=solution_id,
                reason="好",
            )
    except Refusal as refusal:
        return refusal.code
    return "chosen"


async def _answer(database: Database, provider: Member, demand_id: UUID) -> str:
    try:
        async with database.transaction() as session:
            await actions.answer_demand(
                session,
                Clock(),
                actor=provider.actor,
                demand_id=demand_id,
                kind=SolutionKind.DEVELOPMENT,
                summary="改",
                approach=None,
                amount_minor=100,
                schedule_months=1,
                team=None,
            )
    except Refusal as refusal:
        return refusal.code
    return "answered"


async def test_of_two_choices_at_once_on_one_version_one_is_made(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        row = await make_demand(session, owner)
        answers = [
            await make_solution(session, row, await make_member(session, Role.TTO_OFFICER)) for _ in range(8)
        ]
    told = await asyncio.gather(
        *(_choose(fresh_database, owner, row.id, row.version, answer.id) for answer in answers)
    )
    assert sorted(told) == ["chosen"] + ["stale_version"] * 7
    async with fresh_database.transaction() as session:
        counted = await session.execute(
            text(
                "SELECT (SELECT count(*) FROM solutions WHERE status = 'chosen'),"
                " (SELECT count(*) FROM events WHERE kind = 'demands.solution_chosen'),"
                " (SELECT count(*) FROM events WHERE kind = 'demands.answers_closed'),"
                " (SELECT chosen_count FROM demands)"
            )
        )
        assert tuple(counted.one()) == (1, 1, 1, 1)


async def test_a_party_that_answers_from_many_desks_at_once_answers_once(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        row = await make_demand(session, await make_member(session, Role.ENTERPRISE_USER))
        provider = await make_member(session, Role.TTO_OFFICER)
    told = await asyncio.gather(*(_answer(fresh_database, provider, row.id) for _ in range(10)))
    assert sorted(told) == ["answered"] + ["solution_known"] * 9


async def test_an_answer_that_waited_past_the_deadline_is_refused(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        row = await make_demand(session, await make_member(session, Role.ENTERPRISE_USER), days=3)
        provider = await make_member(session, Role.TTO_OFFICER)
    async with fresh_database.transaction() as holder:
        await holder.execute(text("SELECT 1 FROM demands WHERE id = :id FOR NO KEY UPDATE"), {"id": row.id})
        waiting = asyncio.create_task(_answer(fresh_database, provider, row.id))
        await asyncio.sleep(0.3)
        async with fresh_database.transaction() as session:
            await move_sandbox_clock(session, advance=timedelta(days=5), rate=None)
        assert not waiting.done()
    assert await waiting == "answers_closed"


async def test_sweeps_that_run_side_by_side_meet_each_deadline_once(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        for _ in range(6):
            await make_demand(session, owner, days=2)
        await move_sandbox_clock(session, advance=timedelta(days=4), rate=None)

    async def sweep() -> int:
        met = 0
        while True:
            async with fresh_database.transaction() as session:
                if not await actions.meet_deadline(session, Clock()):
                    return met
                met += 1

    assert sum(await asyncio.gather(*(sweep() for _ in range(4)))) == 6
    async with fresh_database.transaction() as session:
        counted = await session.execute(text("SELECT outcome, count(*) FROM demands GROUP BY outcome"))
        assert [tuple(found) for found in counted] == [("no_answer", 6)]
        events = await session.scalar(
            text("SELECT count(*) FROM events WHERE kind = 'demands.demand_closed'")
        )
    assert events == 6
