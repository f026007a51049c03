"""Reading demands and answers. What a caller may see is part of every statement; foreign and absent look the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.demands import shapes
from app.demands.errors import DemandNotFound, SolutionNotFound
from app.demands.schemas import DemandOut, DemandPage, SolutionOut, SolutionPage
from app.demands.states import PUBLIC, DemandStatus, DemandType, SolutionStatus, TechField
from app.demands.tables import DemandRow, SolutionRow
from app.identity.access import Actor, region_prefix
from app.identity.permissions import Permission
from app.identity.tables import PartyRow
from app.kit.money import fen
from app.kit.paging import decode_cursor, encode_cursor

_SEARCHED: tuple[InstrumentedAttribute[Any], ...] = (
    DemandRow.title,
    DemandRow.description,
    DemandRow.current_state,
    DemandRow.what_was_tried,
)


@dataclass(frozen=True)
class DemandFilter:
    """What a list is asked for. Amounts are exact yuan strings; a budget that is 面议 overlaps none."""

    q: str | None = None
    tech_field: TechField | None = None
    region_code: str | None = None
    budget_from_amount: str | None = None
    budget_to_amount: str | None = None
    type: DemandType | None = None
    status: DemandStatus | None = None


@dataclass(frozen=True)
class DemandSubject:
    """What rooms above need to know of a demand."""

    id: UUID
    number: str
    title: str
    poster_party_id: UUID
    region_code: str
    tech_field: str | None
    status: DemandStatus
    entered_by: UUID


async def subject(session: AsyncSession, demand_id: UUID) -> DemandSubject:
    """The facts of a demand, for rooms above. Raises `DemandNotFound`."""
    row = await session.get(DemandRow, demand_id)
    if row is None:
        raise DemandNotFound()
    return DemandSubject(
        id=row.id,
        number=row.number,
        title=row.title,
        poster_party_id=row.poster_party_id,
        region_code=row.region_code,
        tech_field=row.tech_field,
        status=DemandStatus(row.status),
        entered_by=row.entered_by,
    )


def _theirs(actor: Actor) -> ColumnElement[bool]:
    """Demands that the actor's party posted, or typed in for others."""
    if not actor.may(Permission.DEMAND_WRITE):
        return false()
    return or_(DemandRow.poster_party_id == actor.party_id, DemandRow.clerk_party_id == actor.party_id)


def _overseen(actor: Actor) -> ColumnElement[bool]:
    """Demands of the actor's region that he reviews or supervises; drafts are nobody's business yet."""
    if not (actor.may(Permission.DEMAND_REVIEW) or actor.may(Permission.READ_ALL)):
        return false()
    return and_(
        DemandRow.region_code.startswith(actor.region_prefix, autoescape=True),
        DemandRow.status != DemandStatus.DRAFT,
    )


def _whole(actor: Actor | None) -> ColumnElement[bool]:
    """Demands of which the actor sees everything."""
    return or_(_theirs(actor), _overseen(actor)) if actor is not None else false()


async def demand(session: AsyncSession, demand_id: UUID, *, actor: Actor | None) -> DemandOut:
    """One demand, with what the public does not see where it concerns the actor. Raises `DemandNotFound`."""
    found = (
        await session.execute(
            select(DemandRow, PartyRow.name, _whole(actor).label("whole"))
            .join(PartyRow, PartyRow.id == DemandRow.poster_party_id)
            .where(
                DemandRow.id == demand_id,
                or_(DemandRow.published_at.is_not(None), _whole(actor)),
            )
        )
    ).one_or_none()
    if found is None:
        raise DemandNotFound()
    if found.whole:
        return shapes.whole(found[0], found[1])
    return shapes.public(found[0], found[1], signed_in=actor is not None)


async def demands(
    session: AsyncSession, *, actor: Actor | None, wanted: DemandFilter, cursor: str | None, limit: int
) -> DemandPage:
    """Published demands, the newest first. Those that wait for review are listed for who reviews them."""
    asked = {"list": "demands", **vars(wanted)}
    waiting = wanted.status is not None and wanted.status not in PUBLIC
    statement = select(DemandRow, PartyRow.name).join(PartyRow, PartyRow.id == DemandRow.poster_party_id)
    if waiting:
        overseen = _overseen(actor) if actor is not None else false()
        statement = statement.where(overseen).order_by(DemandRow.id.desc())
    else:
        statement = statement.where(DemandRow.published_at.is_not(None)).order_by(
            DemandRow.published_at.desc(), DemandRow.id.desc()
        )
    statement = statement.where(*_conditions(wanted))
    if cursor is not None and waiting:
        statement = statement.where(DemandRow.id < decode_cursor(cursor, asked, [UUID])[0])
    elif cursor is not None:
        after = decode_cursor(cursor, asked, [datetime, UUID])
        statement = statement.where(tuple_(DemandRow.published_at, DemandRow.id) < tuple_(*after))
    rows = (await session.execute(statement.limit(limit + 1))).all()
    more = len(rows) > limit
    last = rows[limit - 1][0] if more else None
    values = [last.id] if last and waiting else [last.published_at, last.id] if last else []
    return DemandPage(
        data=[shapes.listed(row, name, unnamed=not waiting) for row, name in rows[:limit]],
        next_cursor=encode_cursor(values, asked) if more else None,
        has_more=more,
    )


def _conditions(wanted: DemandFilter) -> Sequence[ColumnElement[bool]]:
    """The filters, on what the public may know only."""
    found: list[ColumnElement[bool]] = []
    if wanted.q is not None:
        found.append(or_(*(column.icontains(wanted.q, autoescape=True) for column in _SEARCHED)))
    if wanted.tech_field is not None:
        found.append(DemandRow.tech_field == wanted.tech_field)
    if wanted.region_code is not None:
        found.append(DemandRow.region_public_code.startswith(region_prefix(wanted.region_code)))
    if wanted.budget_from_amount is not None:
        found.append(DemandRow.budget_max_minor >= fen(wanted.budget_from_amount))
    if wanted.budget_to_amount is not None:
        found.append(DemandRow.budget_min_minor <= fen(wanted.budget_to_amount))
    if wanted.type is not None:
        found.append(DemandRow.type == wanted.type)
    if wanted.status is not None:
        found.append(DemandRow.status == wanted.status)
    return found


async def my_demands(
    session: AsyncSession, *, actor: Actor, status: DemandStatus | None, cursor: str | None, limit: int
) -> DemandPage:
    """The demands of the actor's party and those that it typed in for others, the newest first."""
    asked = {"list": "my_demands", "party": actor.party_id, "status": status}
    statement = (
        select(DemandRow, PartyRow.name)
        .join(PartyRow, PartyRow.id == DemandRow.poster_party_id)
        .where(_theirs(actor))
        .order_by(DemandRow.id.desc())
        .limit(limit + 1)
    )
    if status is not None:
        statement = statement.where(DemandRow.status == status)
    if cursor is not None:
        statement = statement.where(DemandRow.id < decode_cursor(cursor, asked, [UUID])[0])
    rows = (await session.execute(statement)).all()
    more = len(rows) > limit
    return DemandPage(
        data=[shapes.listed(row, name, unnamed=False) for row, name in rows[:limit]],
        next_cursor=encode_cursor([rows[limit - 1][0].id], asked) if more else None,
        has_more=more,
    )


def _answer_seen_by(actor: Actor) -> ColumnElement[bool]:
    """An answer is its answerer's and the poster's to see, nobody else's: not a rival's, not the operator's."""
    mine = (
        SolutionRow.provider_party_id == actor.party_id if actor.may(Permission.SOLUTION_WRITE) else false()
    )
    to_me = DemandRow.poster_party_id == actor.party_id if actor.may(Permission.DEMAND_WRITE) else false()
    return or_(mine, to_me)


async def solution(session: AsyncSession, solution_id: UUID, *, actor: Actor) -> SolutionOut:
    """One answer. Raises `SolutionNotFound` for who is neither its answerer nor the poster."""
    found = await _solutions(session, SolutionRow.id == solution_id, _answer_seen_by(actor), limit=1)
    if not found:
        raise SolutionNotFound()
    return found[0]


async def solutions(
    session: AsyncSession, demand_id: UUID, *, actor: Actor, cursor: str | None, limit: int
) -> SolutionPage:
    """The answers to a demand that are the actor's to see: all for its poster, his own for an answerer."""
    await demand(session, demand_id, actor=actor)
    asked = {"list": "solutions", "demand": demand_id, "party": actor.party_id}
    return await _page(
        session, asked, SolutionRow.demand_id == demand_id, _answer_seen_by(actor), cursor=cursor, limit=limit
    )


async def my_solutions(
    session: AsyncSession, *, actor: Actor, status: SolutionStatus | None, cursor: str | None, limit: int
) -> SolutionPage:
    """The answers of the actor's party, the newest first."""
    asked = {"list": "my_solutions", "party": actor.party_id, "status": status}
    conditions: list[ColumnElement[bool]] = [SolutionRow.provider_party_id == actor.party_id]
    if status is not None:
        conditions.append(SolutionRow.status == status)
    return await _page(session, asked, *conditions, cursor=cursor, limit=limit)


async def _page(
    session: AsyncSession,
    asked: dict[str, Any],
    *conditions: ColumnElement[bool],
    cursor: str | None,
    limit: int,
) -> SolutionPage:
    after = [SolutionRow.id < decode_cursor(cursor, asked, [UUID])[0]] if cursor is not None else []
    rows = await _solutions(session, *conditions, *after, limit=limit + 1)
    more = len(rows) > limit
    return SolutionPage(
        data=rows[:limit],
        next_cursor=encode_cursor([rows[limit - 1].id], asked) if more else None,
        has_more=more,
    )


async def _solutions(
    session: AsyncSession, *conditions: ColumnElement[bool], limit: int
) -> list[SolutionOut]:
    provider = aliased(PartyRow)
    rows = await session.execute(
        select(SolutionRow, DemandRow.number, DemandRow.title, provider.name)
        .join(DemandRow, DemandRow.id == SolutionRow.demand_id)
        .join(provider, provider.id == SolutionRow.provider_party_id)
        .where(*conditions)
        .order_by(SolutionRow.id.desc())
        .limit(limit)
    )
    return [
        shapes.answer(row, number=number, title=title, provider=name) for row, number, title, name in rows
    ]
