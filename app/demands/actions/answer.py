"""Answering a demand, taking an answer back, shortlisting it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.demands import repository, rules
from app.demands.events import SolutionShortlisted, SolutionSubmitted, SolutionWithdrawn
from app.demands.repository import facts
from app.demands.states import SOLUTION, SolutionKind, SolutionStatus
from app.demands.tables import DemandRow, SolutionRow
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.money import yuan


async def answer_demand(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    demand_id: UUID,
    kind: SolutionKind,
    summary: str,
    approach: str | None,
    amount_minor: int,
    schedule_months: int,
    team: str | None,
) -> SolutionRow:
    """Give the poster an answer. Judged by market time under the demand's lock; the demand itself does not change."""
    demand = await repository.lock_public(session, demand_id)
    at = await clock.read(session)
    rules.check_answerable(
        facts(demand),
        party_id=actor.party_id,
        party_kind=actor.party_kind,
        answered=await repository.has_answered(session, demand_id, actor.party_id),
        at=at,
        belongs_to_poster=actor.belongs_to(demand.poster_party_id),
    )
    row = SolutionRow(
        demand_id=demand_id,
        provider_party_id=actor.party_id,
        status=SOLUTION.initial,
        kind=kind,
        summary=summary,
        approach=approach,
        amount_minor=amount_minor,
        schedule_months=schedule_months,
        team=team,
        region_code=actor.party_region,
        entered_by=actor.user_id,
    )
    session.add(row)
    await session.flush()
    await outbox.record(
        session,
        SolutionSubmitted(
            subject_id=row.id,
            at=at,
            demand_id=demand.id,
            demand_number=demand.number,
            title=demand.title,
            provider_party_id=actor.party_id,
            amount=yuan(amount_minor),
            work=kind,
            parties=both(demand, row),
        ),
    )
    return row


async def withdraw_solution(
    session: AsyncSession, clock: Clock, *, actor: Actor, solution_id: UUID, version: int
) -> SolutionRow:
    """Take one's answer back before anybody has decided on it."""
    demand_id = await repository.demand_answered_by(session, solution_id, actor.party_id)
    demand = await repository.lock_public(session, demand_id)
    row = await repository.lock_solution(session, demand_id, solution_id)
    check_version(row.version, version)
    SOLUTION.advance(row, SolutionStatus.WITHDRAWN)
    row.decided_at = await clock.read(session)
    await outbox.record(
        session,
        SolutionWithdrawn(
            subject_id=row.id,
            at=row.decided_at,
            demand_id=demand.id,
            demand_number=demand.number,
            title=demand.title,
            provider_party_id=row.provider_party_id,
            parties=both(demand, row),
        ),
    )
    return row


async def shortlist_solution(
    session: AsyncSession, clock: Clock, *, actor: Actor, solution_id: UUID, version: int
) -> SolutionRow:
    """The poster looks closer at an answer, and its answerer learns that."""
    demand_id = await repository.demand_answered_to(session, solution_id, actor.party_id)
    demand = await repository.lock_posted_by(session, demand_id, actor.party_id)
    row = await repository.lock_solution(session, demand_id, solution_id)
    check_version(row.version, version)
    rules.check_shortlistable(facts(demand))
    SOLUTION.advance(row, SolutionStatus.SHORTLISTED)
    at = await clock.read(session)
    await outbox.record(
        session,
        SolutionShortlisted(
            subject_id=row.id,
            at=at,
            demand_id=demand.id,
            demand_number=demand.number,
            title=demand.title,
            provider_party_id=row.provider_party_id,
            parties=both(demand, row),
        ),
    )
    return row


def both(demand: DemandRow, solution: SolutionRow) -> tuple[UUID, ...]:
    """The poster and the answerer."""
    return demand.poster_party_id, solution.provider_party_id
