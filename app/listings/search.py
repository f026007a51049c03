"""Lists of achievements: filters, order and keyset pages. The public list shows what is published and nothing else."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.identity.access import Actor, region_prefix
from app.identity.queries import party_names
from app.kit.money import fen
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import Page
from app.listings import repository
from app.listings.projections import AchievementCard, card
from app.listings.states import AchievementStatus, SecrecyLevel
from app.listings.tables import AchievementRow

WORDS_MAX = 10
_EQUAL = {
    "tech_field": "tech_field",
    "achievement_class": "achievement_class",
    "holder": "holder_party_id",
}


@dataclass(frozen=True)
class Filters:
    """What a visitor asks for. Amounts are exact yuan strings; a region stands for its whole subtree."""

    q: str | None = None
    tech_field: str | None = None
    achievement_class: str | None = None
    region: str | None = None
    trl_gte: int | None = None
    trl_lte: int | None = None
    cooperation_mode: str | None = None
    price_gte: str | None = None
    price_lte: str | None = None
    holder: UUID | None = None


async def published(
    session: AsyncSession, filters: Filters, *, cursor: str | None, limit: int
) -> Page[AchievementCard]:
    """The public list, the latest first."""
    statement = select(AchievementRow).where(
        AchievementRow.status == AchievementStatus.PUBLISHED,
        AchievementRow.secrecy_level == SecrecyLevel.NONE,
        *_conditions(filters),
    )
    bound = {"list": "published"} | {
        name: value for name, value in asdict(filters).items() if value is not None
    }
    return await _page(
        session,
        statement,
        AchievementRow.published_at,
        bound=bound,
        cursor=cursor,
        limit=limit,
        descending=True,
    )


async def own(
    session: AsyncSession,
    actor: Actor,
    *,
    status: AchievementStatus | None,
    cursor: str | None,
    limit: int,
) -> Page[AchievementCard]:
    """Everything that the actor's party holds or has typed in for others, in every state, the newest first."""
    statement = select(AchievementRow).where(repository.own(actor))
    if status is not None:
        statement = statement.where(AchievementRow.status == status)
    bound = {"list": "own", "party": str(actor.party_id), "status": status}
    return await _page(
        session,
        statement,
        AchievementRow.created_at,
        bound=bound,
        cursor=cursor,
        limit=limit,
        descending=True,
    )


async def waiting(
    session: AsyncSession, actor: Actor, *, status: AchievementStatus, cursor: str | None, limit: int
) -> Page[AchievementCard]:
    """The operators' worklist in their region, whoever has waited longest first."""
    statement = select(AchievementRow).where(
        repository.reviewable(actor),
        AchievementRow.status == status,
        AchievementRow.submitted_at.is_not(None),
    )
    bound = {"list": "review", "status": status, "region": actor.region_prefix}
    return await _page(
        session,
        statement,
        AchievementRow.submitted_at,
        bound=bound,
        cursor=cursor,
        limit=limit,
        descending=False,
    )


async def _page(
    session: AsyncSession,
    statement: Select[AchievementRow],
    column: InstrumentedAttribute[Any],
    *,
    bound: dict[str, Any],
    cursor: str | None,
    limit: int,
    descending: bool,
) -> Page[AchievementCard]:
    key = tuple_(column, AchievementRow.id)
    if cursor is not None:
        after = tuple_(*decode_cursor(cursor, bound, (datetime, UUID)))
        statement = statement.where(key < after if descending else key > after)
    order = (column.desc(), AchievementRow.id.desc()) if descending else (column, AchievementRow.id)
    rows: Sequence[AchievementRow] = (
        await session.scalars(statement.order_by(*order).limit(limit + 1))
    ).all()
    more, rows = len(rows) > limit, rows[:limit]
    names = await party_names(session, {row.holder_party_id for row in rows})
    last = rows[-1] if more else None
    return Page(
        data=[card(row, names[row.holder_party_id]) for row in rows],
        next_cursor=encode_cursor((getattr(last, column.key), last.id), bound) if last is not None else None,
        has_more=more,
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    row = AchievementRow
    found: list[ColumnElement[bool]] = [
        getattr(row, name) == getattr(filters, field)
        for field, name in _EQUAL.items()
        if getattr(filters, field) is not None
    ]
    if filters.trl_gte is not None:
        found.append(row.trl_level >= filters.trl_gte)
    if filters.trl_lte is not None:
        found.append(row.trl_level <= filters.trl_lte)
    if filters.cooperation_mode is not None:
        found.append(row.cooperation_modes.contains([filters.cooperation_mode]))
    if filters.region is not None:
        found.append(row.region_code.startswith(region_prefix(filters.region), autoescape=True))
    # Ranges overlap; what is negotiable has no price to compare and is left out.
    if filters.price_gte is not None:
        found.append(row.price_max_minor >= fen(filters.price_gte))
    if filters.price_lte is not None:
        found.append(row.price_min_minor <= fen(filters.price_lte))
    if filters.q is not None:
        found += [_mentions(word) for word in filters.q.split()[:WORDS_MAX]]
    return found


def _mentions(word: str) -> ColumnElement[bool]:
    """A word anywhere in number, title, keywords or abstract. Real search is another room's."""
    row = AchievementRow
    texts = (row.title, row.abstract, row.number, func.array_to_string(row.keywords, " "))
    return or_(*(text.icontains(word, autoescape=True) for text in texts))
