"""Demands' SQL for writing: whom a row belongs to is part of the statement, so a foreign one is never even locked."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.demands.errors import DemandNotFound, DemandSourceKnown, SolutionNotFound
from app.demands.rules import DemandFacts
from app.demands.states import LIVE, DemandStatus, DemandType
from app.demands.tables import DemandRow, SolutionRow
from app.identity.tables import PartyRow
from app.kit.money import fen

_AMOUNTS = {"budget_min_amount": "budget_min_minor", "budget_max_amount": "budget_max_minor"}


def columns(written: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of what a caller wrote: amounts in fen, everything else by its own name."""
    return {
        _AMOUNTS.get(name, name): fen(value) if name in _AMOUNTS and value is not None else value
        for name, value in written.items()
    }


async def region_of(session: AsyncSession, party_id: UUID | None) -> str | None:
    """The region of a party; None where there is no such party."""
    found: str | None = await session.scalar(select(PartyRow.region_code).where(PartyRow.id == party_id))
    return found


async def check_source_new(
    session: AsyncSession, poster_party_id: UUID, system: str, external_id: str
) -> None:
    """Raise `DemandSourceKnown`, naming the demand, where the record has been posted. A constraint says it too."""
    known = await session.scalar(
        select(DemandRow.id).where(
            DemandRow.poster_party_id == poster_party_id,
            DemandRow.source_system == system,
            DemandRow.external_id == external_id,
        )
    )
    if known is not None:
        raise DemandSourceKnown(field="/body/source", demand_id=str(known))


async def lock_written_by(session: AsyncSession, demand_id: UUID, party_id: UUID) -> DemandRow:
    """Lock a demand of this party, or one that it typed in. Raises `DemandNotFound`."""
    return await _lock(
        session,
        demand_id,
        or_(DemandRow.poster_party_id == party_id, DemandRow.clerk_party_id == party_id),
    )


async def lock_posted_by(session: AsyncSession, demand_id: UUID, party_id: UUID) -> DemandRow:
    """Lock a demand of this party. Raises `DemandNotFound`."""
    return await _lock(session, demand_id, DemandRow.poster_party_id == party_id)


async def lock_in_region(session: AsyncSession, demand_id: UUID, prefix: str) -> DemandRow:
    """Lock a demand of a region's subtree that has left its draft. Raises `DemandNotFound`."""
    return await _lock(
        session,
        demand_id,
        DemandRow.region_code.startswith(prefix, autoescape=True) & (DemandRow.status != DemandStatus.DRAFT),
    )


async def lock_public(session: AsyncSession, demand_id: UUID) -> DemandRow:
    """Lock a demand that was ever published. Raises `DemandNotFound`."""
    return await _lock(session, demand_id, DemandRow.published_at.is_not(None))


async def lock_due(session: AsyncSession) -> DemandRow | None:
    """Lock the demand that has been due for longest and that nobody else is working on."""
    return (
        await session.scalars(
            select(DemandRow)
            .where(DemandRow.next_due_at <= func.market_now())
            .order_by(DemandRow.next_due_at)
            .limit(1)
            .with_for_update(skip_locked=True, key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()


async def _lock(session: AsyncSession, demand_id: UUID, condition: ColumnElement[bool]) -> DemandRow:
    row = (
        await session.scalars(
            select(DemandRow)
            .where(DemandRow.id == demand_id, condition)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        raise DemandNotFound()
    return row


async def demand_answered_by(session: AsyncSession, solution_id: UUID, provider_party_id: UUID) -> UUID:
    """The demand of a party's own answer. Raises `SolutionNotFound`."""
    found = await session.scalar(
        select(SolutionRow.demand_id).where(
            SolutionRow.id == solution_id, SolutionRow.provider_party_id == provider_party_id
        )
    )
    if found is None:
        raise SolutionNotFound()
    return found


async def demand_answered_to(session: AsyncSession, solution_id: UUID, poster_party_id: UUID) -> UUID:
    """The demand, one of this poster's, that an answer is to. Raises `SolutionNotFound`."""
    found = await session.scalar(
        select(SolutionRow.demand_id)
        .join(DemandRow, DemandRow.id == SolutionRow.demand_id)
        .where(SolutionRow.id == solution_id, DemandRow.poster_party_id == poster_party_id)
    )
    if found is None:
        raise SolutionNotFound()
    return found


async def lock_solution(session: AsyncSession, demand_id: UUID, solution_id: UUID) -> SolutionRow:
    """Lock an answer of a demand that is locked already. Raises `SolutionNotFound`."""
    row = (
        await session.scalars(
            select(SolutionRow)
            .where(SolutionRow.id == solution_id, SolutionRow.demand_id == demand_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        raise SolutionNotFound()
    return row


async def lock_live_solutions(session: AsyncSession, demand_id: UUID) -> Sequence[SolutionRow]:
    """Lock all answers of a demand that can still be chosen, in the order of their ids."""
    return (
        await session.scalars(
            select(SolutionRow)
            .where(SolutionRow.demand_id == demand_id, SolutionRow.status.in_(LIVE))
            .order_by(SolutionRow.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).all()


async def has_answered(session: AsyncSession, demand_id: UUID, provider_party_id: UUID) -> bool:
    """Whether a party has answered a demand, be it that it took the answer back."""
    found = await session.scalar(
        select(SolutionRow.id).where(
            SolutionRow.demand_id == demand_id, SolutionRow.provider_party_id == provider_party_id
        )
    )
    return found is not None


async def live_answers(session: AsyncSession, demand_id: UUID) -> int:
    """How many answers can still be chosen. Never told to anybody but the poster."""
    counted = await session.scalar(
        select(func.count())
        .select_from(SolutionRow)
        .where(SolutionRow.demand_id == demand_id, SolutionRow.status.in_(LIVE))
    )
    return counted or 0


def facts(row: DemandRow, *, live: int = 0) -> DemandFacts:
    """What the rules judge. live: answers that can still be chosen, where the rule asks for it."""
    return DemandFacts(
        status=DemandStatus(row.status),
        type=DemandType(row.type),
        poster_party_id=row.poster_party_id,
        clerk_party_id=row.clerk_party_id,
        entered_by=row.entered_by,
        confirmed=row.confirmed_at is not None,
        indicators=len(row.indicators),
        has_contact=row.contact is not None,
        deadline_on=row.deadline_on,
        answers_end_at=row.answers_end_at,
        chosen_count=row.chosen_count,
        live_answers=live,
    )
