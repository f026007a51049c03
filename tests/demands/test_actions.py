"""Writing, reviewing and answering demands in the database: what changes and who is told."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.demands import actions, queries
from app.demands.errors import (
    DemandConfirmationMissing,
    DemandNotEditable,
    DemandNotFound,
    SolutionKnown,
)
from app.demands.schemas import DemandIn
from app.demands.states import Confidentiality, DemandOutcome, DemandStatus, SolutionKind
from app.demands.tables import DemandRow, SolutionRow
from app.identity.permissions import Role
from app.identity.states import PartyKind
from tests.factories.demands import make_demand, told_of, written_demand
from tests.factories.identity import Member, make_member, make_party


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


async def test_a_clerk_enters_the_owner_confirms_and_a_change_needs_a_new_confirmation(
    session: AsyncSession, clock: Clock
) -> None:
    owner = await make_member(
        session, Role.ENTERPRISE_USER, party=await make_party(session, region_code="330784")
    )
    clerk = await make_member(session, Role.CLERK, region_scope="330700")
    body = DemandIn.model_validate(written_demand())
    row = await actions.post_demand(
        session, clock, actor=clerk.actor, written=body.written(), on_behalf_of=owner.party_id
    )
    assert (row.poster_party_id, row.entered_on_behalf_of, row.clerk_party_id, row.entered_by) == (
        owner.party_id,
        owner.party_id,
        clerk.party_id,
        clerk.user_id,
    )
    with pytest.raises(DemandConfirmationMissing):
        await actions.submit_demand(session, clock, actor=clerk.actor, demand_id=row.id, version=row.version)
    await actions.confirm_demand(session, clock, actor=owner.actor, demand_id=row.id, version=row.version)
    assert row.confirmed_by == owner.user_id
    assert (await told_of(session, "demands.demand_confirmed", row.id))[0]["parties"] == [
        owner.party_id,
        clerk.party_id,
    ]
    await actions.change_demand(
        session,
        clock,
        actor=clerk.actor,
        demand_id=row.id,
        version=row.version,
        changes={"title": "换了题目"},
    )
    assert (row.title, row.confirmed_at, row.confirmed_by) == ("换了题目", None, None)
    await actions.confirm_demand(session, clock, actor=owner.actor, demand_id=row.id, version=row.version)
    await actions.submit_demand(session, clock, actor=clerk.actor, demand_id=row.id, version=row.version)
    assert row.status == "submitted"


async def test_a_clerk_cannot_confirm_in_the_owners_place(session: AsyncSession, clock: Clock) -> None:
    owner, clerk = await _poster(session), await make_member(session, Role.CLERK)
    row = await make_demand(session, owner, clerk=clerk, status=DemandStatus.DRAFT)
    with pytest.raises(DemandNotFound):
        await actions.confirm_demand(session, clock, actor=clerk.actor, demand_id=row.id, version=row.version)


async def test_an_owner_who_submits_what_a_clerk_typed_in_confirms_it(
    session: AsyncSession, clock: Clock
) -> None:
    owner, clerk = await _poster(session), await make_member(session, Role.CLERK)
    row = await make_demand(session, owner, clerk=clerk, status=DemandStatus.DRAFT)
    await actions.submit_demand(session, clock, actor=owner.actor, demand_id=row.id, version=row.version)
    assert (row.status, row.confirmed_by) == ("submitted", owner.user_id)


async def test_a_change_moves_what_the_public_learns_of_the_region(
    session: AsyncSession, clock: Clock
) -> None:
    owner = await _poster(session)
    row = await make_demand(session, owner, status=DemandStatus.DRAFT)
    changes = {"confidentiality": "anonymous_org", "region_code": "330106", "budget_max_amount": "900000.00"}
    await actions.change_demand(
        session, clock, actor=owner.actor, demand_id=row.id, version=row.version, changes=changes
    )
    assert (row.region_code, row.region_public_code, row.budget_max_minor) == ("330106", "330100", 90_000_000)


async def test_what_is_submitted_does_not_change(session: AsyncSession, clock: Clock) -> None:
    owner = await _poster(session)
    row = await make_demand(session, owner, status=DemandStatus.SUBMITTED)
    with pytest.raises(DemandNotEditable):
        await actions.change_demand(
            session,
            clock,
            actor=owner.actor,
            demand_id=row.id,
            version=row.version,
            changes={"title": "不行"},
        )


async def test_a_publication_tells_the_public_and_names_no_unnamed_poster(
    session: AsyncSession, clock: Clock
) -> None:
    owner, operator = await _poster(session), await make_member(session, Role.OPERATOR)
    row = await make_demand(
        session, owner, status=DemandStatus.SUBMITTED, confidentiality=Confidentiality.ANONYMOUS_ORG
    )
    await actions.publish_demand(session, clock, actor=operator.actor, demand_id=row.id, version=row.version)
    (told,) = await told_of(session, "demands.demand_published", row.id)
    assert told["public"] is True
    assert told["payload"]["region_code"] == "330700"
    for secret in (str(owner.party_id), str(owner.user_id), "330784", "胡晓东"):
        assert secret not in str(told["payload"])
    assert row.next_due_at == row.answers_end_at


async def test_a_returned_demand_is_changed_and_submitted_again(session: AsyncSession, clock: Clock) -> None:
    owner, operator = await _poster(session), await make_member(session, Role.OPERATOR)
    row = await make_demand(session, owner, status=DemandStatus.SUBMITTED)
    await actions.return_demand(
        session, clock, actor=operator.actor, demand_id=row.id, version=row.version, reason="指标缺测试方法"
    )
    await session.flush()
    assert (row.status, row.review_reason) == ("returned", "指标缺测试方法")
    await actions.submit_demand(session, clock, actor=owner.actor, demand_id=row.id, version=row.version)
    assert (row.status, row.review_reason) == ("submitted", None)


async def test_an_answer_leaves_no_trace_on_the_demand(session: AsyncSession, clock: Clock) -> None:
    owner, provider = await _poster(session), await _provider(session)
    row = await make_demand(session, owner)
    before = (row.version, row.updated_at)
    answer = await _answer(session, clock, provider, row)
    await session.refresh(row)
    assert (row.version, row.updated_at) == before
    (told,) = await told_of(session, "demands.solution_submitted", answer.id)
    assert (told["public"], told["parties"]) == (False, [owner.party_id, provider.party_id])
    assert str(owner.party_id) not in str(told["payload"])
    assert told["payload"]["amount"] == "680000.00"


async def test_a_party_answers_once_even_after_it_took_the_answer_back(
    session: AsyncSession, clock: Clock
) -> None:
    owner, provider = await _poster(session), await _provider(session)
    row = await make_demand(session, owner)
    answer = await _answer(session, clock, provider, row)
    with pytest.raises(SolutionKnown):
        await _answer(session, clock, provider, row)
    await actions.withdraw_solution(
        session, clock, actor=provider.actor, solution_id=answer.id, version=answer.version
    )
    assert answer.status == "withdrawn"
    with pytest.raises(SolutionKnown):
        await _answer(session, clock, provider, row)


async def test_a_draft_cannot_be_answered_nor_found(session: AsyncSession, clock: Clock) -> None:
    owner, provider = await _poster(session), await _provider(session)
    row = await make_demand(session, owner, status=DemandStatus.SUBMITTED)
    with pytest.raises(DemandNotFound):
        await _answer(session, clock, provider, row)


async def test_a_draft_ends_without_the_public_hearing_of_it(session: AsyncSession, clock: Clock) -> None:
    owner = await _poster(session)
    row = await make_demand(session, owner, status=DemandStatus.DRAFT)
    await actions.close_demand(
        session,
        clock,
        actor=owner.actor,
        demand_id=row.id,
        version=row.version,
        outcome=DemandOutcome.WITHDRAWN,
        reason="不做了",
    )
    assert await told_of(session, "demands.demand_closed", row.id) == []
    with pytest.raises(DemandNotFound):
        await queries.demand(session, row.id, actor=None)


async def test_rooms_above_learn_the_facts_of_a_demand(session: AsyncSession) -> None:
    owner = await _poster(session)
    row = await make_demand(session, owner)
    told = await queries.subject(session, row.id)
    assert (told.number, told.poster_party_id, told.region_code, told.status) == (
        row.number,
        owner.party_id,
        "330784",
        DemandStatus.PUBLISHED,
    )
    with pytest.raises(DemandNotFound):
        await queries.subject(session, owner.party_id)


async def test_the_tables_refuse_what_the_rules_refuse(session: AsyncSession) -> None:
    owner = await _poster(session)
    row = await make_demand(session, owner)
    await session.flush()
    for change in (
        "status = 'closed', next_due_at = NULL",
        "next_due_at = NULL",
        "budget_max_minor = NULL",
        "budget_min_minor = 90000000",
        "outcome = 'awarded'",
        "clerk_party_id = poster_party_id",
        "source_system = 'x'",
    ):
        with pytest.raises(Exception, match="violates check constraint"):
            async with session.begin_nested():
                await session.execute(text(f"UPDATE demands SET {change} WHERE id = :id"), {"id": row.id})
