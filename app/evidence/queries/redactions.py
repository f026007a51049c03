"""Redactions, as they are shown."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.evidence.rules.redaction import RedactionReason
from app.evidence.schemas import RedactionOut, RedactionPage
from app.evidence.states import RedactionStatus
from app.evidence.tables import RedactionRow
from app.identity.tables import PartyRow
from app.kit.paging import decode_cursor, encode_cursor

_ASKING, _DECIDING = aliased(PartyRow), aliased(PartyRow)
_SHOWN = (
    select(RedactionRow, _ASKING.name, _DECIDING.name)
    .join(_ASKING, _ASKING.id == RedactionRow.requested_party_id)
    .outerjoin(_DECIDING, _DECIDING.id == RedactionRow.decided_party_id)
    .execution_options(populate_existing=True)
)


def _out(row: RedactionRow, requested_by: str, decided_by: str | None) -> RedactionOut:
    return RedactionOut(
        id=row.id,
        auction_id=row.auction_id,
        notice_id=row.notice_id,
        file_id=row.file_id,
        seq=row.seq,
        field=row.field,
        reason=RedactionReason(row.reason),
        document_no=row.document_no,
        status=RedactionStatus(row.status),
        requested_at=row.requested_at,
        requested_by=requested_by,
        decided_at=row.decided_at,
        decided_by=decided_by,
        version=row.version,
    )


async def redaction(session: AsyncSession, redaction_id: UUID) -> RedactionOut:
    """One redaction."""
    found = await session.execute(_SHOWN.where(RedactionRow.id == redaction_id))
    return _out(*found.one())


async def redactions(
    session: AsyncSession,
    *,
    auction_id: UUID | None = None,
    notice_id: UUID | None = None,
    file_id: UUID | None = None,
    cursor: str | None,
    limit: int,
) -> RedactionPage:
    """The redactions of a sale's or of a notice's record, or of a file, the latest first."""
    filters = {"auction_id": auction_id, "notice_id": notice_id, "file_id": file_id}
    of = (
        RedactionRow.notice_id == notice_id
        if notice_id is not None
        else RedactionRow.file_id == file_id
        if file_id is not None
        else RedactionRow.auction_id == auction_id
    )
    statement = _SHOWN.where(of)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, filters, (UUID,))
        statement = statement.where(RedactionRow.id < last_id)
    found = await session.execute(statement.order_by(RedactionRow.id.desc()).limit(limit + 1))
    rows = [_out(*row) for row in found]
    shown, more = rows[:limit], len(rows) > limit
    return RedactionPage(
        data=shown,
        next_cursor=encode_cursor([shown[-1].id], filters) if more else None,
        has_more=more,
    )
