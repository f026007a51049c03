"""Deciding: choosing an answer, ending a demand, and what the deadline does by itself."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.demands import repository, rules
from app.demands.actions.answer import both
from app.demands.actions.post import writers
from app.demands.events import DemandAnswersClosed, DemandClosed, SolutionChosen, SolutionNotChosen
from app.demands.repository import facts
from app.demands.states import DEMAND, SOLUTION, DemandOutcome, DemandStatus, SolutionKind, SolutionStatus
from app.demands.tables import DemandRow, SolutionRow
from app.events import outbox
from app.events.model import Event
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.money import yuan


async def choose_solution(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    demand_id: UUID,
    version: int,
    solution_id: UUID,
    reason: str,
) -> SolutionRow:
    """Choose one answer with a reason; further ones may win other parts. The market makes the award of the event."""
    demand = await repository.lock_posted_by(session, demand_id, actor.party_id)
    check_version(demand.version, version)
    at = await clock.read(session)
    rules.check_choosable(facts(demand), at)
    row = await repository.lock_solution(session, demand_id, solution_id)
    SOLUTION.advance(row, SolutionStatus.CHOSEN)
    row.choice_reason, row.decided_at = reason, at
    told = _stop_answers(demand, at)
    demand.chosen_count += 1
    await outbox.record(session, *told, _chosen(demand, row, actor, at))
    return row


async def close_demand(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    demand_id: UUID,
    version: int,
    outcome: DemandOutcome,
    reason: str,
) -> DemandRow:
    """End a demand. Whoever was not chosen is told."""
    row = await repository.lock_posted_by(session, demand_id, actor.party_id)
    check_version(row.version, version)
    at = await clock.read(session)
    rules.check_closable(facts(row), outcome, at)
    await outbox.record(session, *await _close(session, row, outcome, reason, at))
    return row


async def meet_deadline(session: AsyncSession, clock: Clock) -> bool:
    """Act on one demand whose deadline has come, if there is one. Returns whether there was."""
    row = await repository.lock_due(session)
    if row is None:
        return False
    at = await clock.read(session)
    live = await repository.live_answers(session, row.id)
    due = rules.due(facts(row, live=live), at)
    if due is not None and due.outcome is not None:
        await outbox.record(session, *await _close(session, row, due.outcome, None, at))
    elif due is not None:
        await outbox.record(session, *_stop_answers(row, at))
    return True


def _stop_answers(row: DemandRow, at: datetime) -> list[Event]:
    """Take no more answers; nothing where that is so already."""
    if row.status == DemandStatus.DECIDING:
        return []
    DEMAND.advance(row, DemandStatus.DECIDING)
    row.next_due_at = None
    return [
        DemandAnswersClosed(
            subject_id=row.id, at=at, demand_number=row.number, title=row.title, parties=writers(row)
        )
    ]


async def _close(
    session: AsyncSession, row: DemandRow, outcome: DemandOutcome, reason: str | None, at: datetime
) -> list[Event]:
    DEMAND.advance(row, DemandStatus.CLOSED)
    row.outcome, row.outcome_reason, row.closed_at, row.next_due_at = outcome, reason, at, None
    told: list[Event] = []
    for solution in await repository.lock_live_solutions(session, row.id):
        SOLUTION.advance(solution, SolutionStatus.NOT_CHOSEN)
        solution.decided_at = at
        told.append(
            SolutionNotChosen(
                subject_id=solution.id,
                at=at,
                demand_id=row.id,
                demand_number=row.number,
                title=row.title,
                provider_party_id=solution.provider_party_id,
                parties=(solution.provider_party_id,),
            )
        )
    if row.published_at is not None:
        told.append(
            DemandClosed(
                subject_id=row.id,
                at=at,
                demand_number=row.number,
                title=row.title,
                outcome=outcome,
                parties=writers(row),
            )
        )
    return told


def _chosen(demand: DemandRow, row: SolutionRow, actor: Actor, at: datetime) -> SolutionChosen:
    return SolutionChosen(
        subject_id=row.id,
        at=at,
        demand_id=demand.id,
        demand_number=demand.number,
        title=demand.title,
        solution_id=row.id,
        poster_party_id=demand.poster_party_id,
        provider_party_id=row.provider_party_id,
        amount=yuan(row.amount_minor),
        work=SolutionKind(row.kind),
        schedule_months=row.schedule_months,
        reason=row.choice_reason or "",
        region_code=demand.region_code,
        entered_by=actor.user_id,
        parties=both(demand, row),
    )
