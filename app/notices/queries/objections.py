"""Reading objections: whoever filed it, whoever handles it, staff and overseers of the region."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.identity.access import Actor, within_scope
from app.identity.permissions import Permission
from app.identity.states import PartyKind
from app.identity.tables import PartyRow, UserRow
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.notices.repository import may_see
from app.notices.schemas import ObjectionLine, ObjectionOut, ObjectionPage
from app.notices.states import ObjectionStatus
from app.notices.tables import NoticeRow, ObjectionFileRow, ObjectionRow

_OWNER, _FILER, _HANDLER = aliased(PartyRow), aliased(PartyRow), aliased(UserRow)
_JOINED = {"notice_number", "notice_title", "owner_name", "filer_party_name", "is_overdue"}


def _visible(actor: Actor) -> ColumnElement[bool]:
    """The same as `repository.may_see`, as a condition."""
    handles = actor.may(Permission.OBJECTION_HANDLE)
    oversees = actor.may(Permission.READ_ALL) or actor.may(Permission.OBJECTION_REVIEW)
    staff = oversees or (handles and actor.party_kind is PartyKind.EXCHANGE)
    return or_(
        ObjectionRow.filer_party_id == actor.party_id,
        ObjectionRow.owner_party_id == actor.party_id if handles else false(),
        within_scope(ObjectionRow.region_code, actor) if staff else false(),
    )


def _all() -> Select[ObjectionRow, NoticeRow, str, str, str]:
    return (
        select(ObjectionRow, NoticeRow, _OWNER.name, _FILER.name, _HANDLER.name)
        .join(NoticeRow, NoticeRow.id == ObjectionRow.notice_id)
        .join(_OWNER, _OWNER.id == ObjectionRow.owner_party_id)
        .join(_FILER, _FILER.id == ObjectionRow.filer_party_id)
        .outerjoin(_HANDLER, _HANDLER.id == ObjectionRow.handler_id)
        .execution_options(populate_existing=True)
    )


async def list_objections(
    session: AsyncSession,
    *,
    actor: Actor,
    notice_id: UUID | None,
    status: ObjectionStatus | None,
    cursor: str | None,
    limit: int,
) -> ObjectionPage:
    """The objections that the caller may see, the latest first."""
    filters = {"notice": notice_id, "status": status}
    statement = _all().where(_visible(actor))
    if notice_id is not None:
        statement = statement.where(ObjectionRow.notice_id == notice_id)
    if status is not None:
        statement = statement.where(ObjectionRow.status == status)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, filters, (UUID,))
        statement = statement.where(ObjectionRow.id < last_id)
    rows = list(await session.execute(statement.order_by(ObjectionRow.id.desc()).limit(limit + 1)))
    shown, more = rows[:limit], len(rows) > limit
    return ObjectionPage(
        data=[ObjectionLine(**_line(*found)) for found in shown],
        next_cursor=encode_cursor([shown[-1][0].id], filters) if more else None,
        has_more=more,
    )


async def objection(session: AsyncSession, *, actor: Actor, objection_id: UUID) -> ObjectionOut:
    """One objection, whole. Raises `NotFound` for whoever may not see it."""
    found = (await session.execute(_all().where(ObjectionRow.id == objection_id))).one_or_none()
    if found is None or not may_see(found[0], actor):
        raise NotFound()
    row, _, _, _, handler = found
    files = await session.scalars(
        select(ObjectionFileRow.file_id)
        .where(ObjectionFileRow.objection_id == row.id)
        .order_by(ObjectionFileRow.position)
    )
    whole = set(ObjectionOut.model_fields) - set(ObjectionLine.model_fields) - {"file_ids", "handler_name"}
    return ObjectionOut(
        **_line(*found),
        **{name: getattr(row, name) for name in whole},
        file_ids=list(files),
        handler_name=handler,
    )


def _line(
    row: ObjectionRow, notice: NoticeRow, owner: str, filer: str, _handler: str | None
) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in set(ObjectionLine.model_fields) - _JOINED}
    return own | {
        "notice_number": notice.number,
        "notice_title": notice.title,
        "owner_name": owner,
        "filer_party_name": filer,
        "is_overdue": row.reminded_at is not None and row.next_due_at is None and row.decided_at is None,
    }
