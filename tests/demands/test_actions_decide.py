"""Choosing, ending and the deadline in the database: what changes and who is told."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock, move_sandbox_clock
from app.demands import actions
from app.demands.errors import (
    AnswersClosed,
    AnswersStillOpen,
    DemandHasAward,
    SolutionNotFound,
)
from app.demands.states import DemandOutcome, DemandType, SolutionKind
from app.demands.tables import DemandRow, SolutionRow
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.errors import Stale
from app.kit.states import IllegalTransition
from tests.factories.demands import make_demand, make_solution, told_of
from tests.factories.identity import Member, make_member


async def _answer(session: AsyncSession, clock: Clock, provider: Member, demand: DemandRow) -> SolutionRow:
    return await actions.answer_demand(
        session,
        clock,
        actor=provider.actor,
        demand_id=demand.id,
        kind=SolutionKind.SERVICE,
        summary="只改碳刷上料一站",
        approach=None,
        amount_minor=68_000_000,
        schedule_months=5,
        team=None,
    )


async def _poster(session: AsyncSession) -> Member:
    return await make_member(session, Role.ENTERPRISE_USER)


async def _provider(session: AsyncSession) -> Member:
    return await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)


async def test_a_choice_tells_the_market_all_it_needs_and_ends_the_collecting(
    session: AsyncSession, clock: Clock
) -> None:
    owner, provider, late = await _poster(session), await _provider(session), await _provider(session)
    row = await make_demand(session, owner)
    answer = await make_solution(session, row, provider)
    await actions.choose_solution(
        session,
        clock,
        actor=owner.actor,
        demand_id=row.id,
        version=row.version,
        solution_id=answer.id,
        reason="两站一起改",
    )
    await session.flush()
    assert (row.status, row.chosen_count, row.next_due_at) == ("deciding", 1, None)
    assert (answer.status, answer.choice_reason) == ("chosen", "两站一起改")
    (told,) = await told_of(session, "demands.solution_chosen", answer.id)
    at = told["payload"].pop("at")
    assert at.endswith("Z")
    assert told == {
        "public": False,
        "parties": [owner.party_id, provider.party_id],
        "payload": {
            "subject_id": str(answer.id),
            "demand_id": str(row.id),
            "demand_number": row.number,
            "title": row.title,
            "provider_party_id": str(provider.party_id),
            "solution_id": str(answer.id),
            "poster_party_id": str(owner.party_id),
            "amount": "760000.00",
            "work": "development",
            "schedule_months": 6,
            "reason": "两站一起改",
            "region_code": "330784",
            "entered_by": str(owner.user_id),
        },
    }
    assert len(await told_of(session, "demands.answers_closed", row.id)) == 1
    with pytest.raises(AnswersClosed):
        await _answer(session, clock, late, row)


async def test_several_answers_win_parts_and_the_others_are_told_nothing_of_them(
    session: AsyncSession, clock: Clock
) -> None:
    owner = await _poster(session)
    first, second, third = [await _provider(session) for _ in range(3)]
    row = await make_demand(session, owner)
    answers = [await make_solution(session, row, who) for who in (first, second, third)]
    for answer in answers[:2]:
        await actions.choose_solution(
            session,
            clock,
            actor=owner.actor,
            demand_id=row.id,
            version=row.version,
            solution_id=answer.id,
            reason="各做一站",
        )
        await session.flush()
    assert row.chosen_count == 2
    with pytest.raises(DemandHasAward):
        await actions.close_demand(
            session,
            clock,
            actor=owner.actor,
            demand_id=row.id,
            version=row.version,
            outcome=DemandOutcome.NO_ANSWER,
            reason="都不合适",
        )
    await actions.close_demand(
        session,
        clock,
        actor=owner.actor,
        demand_id=row.id,
        version=row.version,
        outcome=DemandOutcome.AWARDED,
        reason="两家分做",
    )
    await session.flush()
    assert (row.status, row.outcome) == ("closed", "awarded")
    assert [answer.status for answer in answers] == ["chosen", "chosen", "not_chosen"]
    (told,) = await told_of(session, "demands.solution_not_chosen", answers[2].id)
    assert told["parties"] == [third.party_id]
    for secret in (first, second, owner):
        assert str(secret.party_id) not in str(told["payload"])
    (closed,) = await told_of(session, "demands.demand_closed", row.id)
    assert closed["public"] is True
    assert set(closed["payload"]) == {"subject_id", "at", "demand_number", "title", "outcome"}


async def test_an_answer_is_not_chosen_twice_nor_after_it_was_taken_back(
    session: AsyncSession, clock: Clock
) -> None:
    owner, first, second = await _poster(session), await _provider(session), await _provider(session)
    row = await make_demand(session, owner)
    chosen, gone = await make_solution(session, row, first), await make_solution(session, row, second)
    await actions.withdraw_solution(
        session, clock, actor=second.actor, solution_id=gone.id, version=gone.version
    )

    async def choose(solution_id: UUID) -> None:
        await actions.choose_solution(
            session,
            clock,
            actor=owner.actor,
            demand_id=row.id,
            version=row.version,
            solution_id=solution_id,
            reason="好",
        )
        await session.flush()

    await choose(chosen.id)
    for answer in (chosen, gone):
        with pytest.raises(IllegalTransition):
            await choose(answer.id)
    assert row.chosen_count == 1


async def test_a_choice_names_an_answer_of_this_demand(session: AsyncSession, clock: Clock) -> None:
    owner, provider = await _poster(session), await _provider(session)
    row, other = await make_demand(session, owner), await make_demand(session, owner)
    elsewhere = await make_solution(session, other, provider)
    with pytest.raises(SolutionNotFound):
        await actions.choose_solution(
            session,
            clock,
            actor=owner.actor,
            demand_id=row.id,
            version=row.version,
            solution_id=elsewhere.id,
            reason="好",
        )
    assert (row.status, row.chosen_count) == ("published", 0)


async def test_a_stale_version_chooses_nothing(session: AsyncSession, clock: Clock) -> None:
    owner, provider = await _poster(session), await _provider(session)
    row = await make_demand(session, owner)
    answer = await make_solution(session, row, provider)
    with pytest.raises(Stale):
        await actions.choose_solution(
            session,
            clock,
            actor=owner.actor,
            demand_id=row.id,
            version=row.version + 1,
            solution_id=answer.id,
            reason="好",
        )
    assert answer.status == "submitted"


async def test_a_challenge_waits_for_its_deadline(session: AsyncSession, clock: Clock) -> None:
    owner, provider = await _poster(session), await _provider(session)
    row = await make_demand(session, owner, type=DemandType.CHALLENGE, days=3)
    answer = await make_solution(session, row, provider)
    with pytest.raises(AnswersStillOpen):
        await actions.choose_solution(
            session,
            clock,
            actor=owner.actor,
            demand_id=row.id,
            version=row.version,
            solution_id=answer.id,
            reason="好",
        )


async def test_at_the_deadline_the_collecting_ends(session: AsyncSession, clock: Clock) -> None:
    owner, provider = await _poster(session), await _provider(session)
    answered = await make_demand(session, owner, days=3)
    await make_solution(session, answered, provider)
    unanswered = await make_demand(session, owner, days=4)
    later = await make_demand(session, owner, days=30)
    assert await actions.meet_deadline(session, clock) is False
    await move_sandbox_clock(session, advance=timedelta(days=6), rate=None)
    assert await actions.meet_deadline(session, clock) is True
    await session.flush()
    assert (answered.status, answered.outcome, unanswered.status) == ("deciding", None, "published")
    with pytest.raises(AnswersClosed):
        await _answer(session, clock, await _provider(session), unanswered)
    assert await actions.meet_deadline(session, clock) is True
    await session.flush()
    assert (unanswered.status, unanswered.outcome, unanswered.outcome_reason) == ("closed", "no_answer", None)
    assert await actions.meet_deadline(session, clock) is False
    assert later.status == "published"


async def test_an_answer_that_was_taken_back_is_no_answer(session: AsyncSession, clock: Clock) -> None:
    owner, provider = await _poster(session), await _provider(session)
    row = await make_demand(session, owner, days=3)
    answer = await make_solution(session, row, provider)
    await actions.withdraw_solution(
        session, clock, actor=provider.actor, solution_id=answer.id, version=answer.version
    )
    await move_sandbox_clock(session, advance=timedelta(days=5), rate=None)
    assert await actions.meet_deadline(session, clock) is True
    assert (row.status, row.outcome) == ("closed", "no_answer")
    assert await told_of(session, "demands.solution_not_chosen", answer.id) == []
