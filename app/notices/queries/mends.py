"""Reading mends: the owner's people and the market's staff of the region; everybody else sees the revisions."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.identity.access import Actor, within_scope
from app.identity.states import PartyKind
from app.identity.tables import UserRow
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.notices import repository
from app.notices.queries.revisions import differences
from app.notices.schemas import MendOut, MendPage
from app.notices.states import MendStatus
from app.notices.tables import NoticeMendRow, NoticeRow

_PROPOSER, _DECIDER = aliased(UserRow), aliased(UserRow)


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.party_kind is PartyKind.EXCHANGE:
        return within_scope(NoticeRow.region_code, actor)
    return NoticeRow.owner_party_id == actor.party_id


def _all(actor: Actor) -> Select[NoticeMendRow, NoticeRow, str, str]:
    return (
        select(NoticeMendRow, NoticeRow, _PROPOSER.name, _DECIDER.name)
        .join(NoticeRow, NoticeRow.id == NoticeMendRow.notice_id)
        .join(_PROPOSER, _PROPOSER.id == NoticeMendRow.proposed_by)
        .outerjoin(_DECIDER, _DECIDER.id == NoticeMendRow.decided_by)
        .where(_visible(actor))
        .execution_options(populate_existing=True)
    )


async def mends(
    session: AsyncSession,
    *,
    actor: Actor,
    notice_id: UUID | None,
    status: MendStatus | None,
    cursor: str | None,
    limit: int,
) -> MendPage:
    """The mends that the caller may decide or has proposed, the latest first."""
    filters = {"notice": notice_id, "status": status}
    statement = _all(actor)
    if notice_id is not None:
        statement = statement.where(NoticeMendRow.notice_id == notice_id)
    if status is not None:
        statement = statement.where(NoticeMendRow.status == status)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, filters, (UUID,))
        statement = statement.where(NoticeMendRow.id < last_id)
    rows = list(await session.execute(statement.order_by(NoticeMendRow.id.desc()).limit(limit + 1)))
    shown, more = rows[:limit], len(rows) > limit
    return MendPage(
        data=[await _out(session, *found) for found in shown],
        next_cursor=encode_cursor([shown[-1][0].id], filters) if more else None,
        has_more=more,
    )


async def mend(session: AsyncSession, *, actor: Actor, mend_id: UUID) -> MendOut:
    """One mend. Raises `NotFound` for anybody else's."""
    found = (await session.execute(_all(actor).where(NoticeMendRow.id == mend_id))).one_or_none()
    if found is None:
        raise NotFound()
    return await _out(session, *found)


async def _out(
    session: AsyncSession, row: NoticeMendRow, notice: NoticeRow, proposer: str, decider: str | None
) -> MendOut:
    before: dict[str, Any] = await repository.content_of(session, row.notice_id, before=row.seq)
    return MendOut(
        id=row.id,
        version=row.version,
        notice_id=notice.id,
        notice_number=notice.number,
        notice_title=notice.title,
        kind=row.kind,
        status=row.status,
        differences=differences(before, row.fields),
        reason=row.reason,
        document_no=row.document_no,
        days=row.days,
        proposed_by=proposer,
        proposed_at=row.proposed_at,
        decided_by=decider,
        decided_at=row.decided_at,
        refused_reason=row.refused_reason,
    )
