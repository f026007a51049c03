"""Taking blobs away, and every copy of what they said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.tables import EventRow
from app.kit.errors import NotFound
from app.notices.rules.record import PAGE, text_field
from app.notices.tables import NoticeBlobRow, NoticeHoldRow, NoticeMendRow, NoticeRow


async def blob_of(session: AsyncSession, notice_id: UUID, seq: int, field: str) -> NoticeBlobRow | None:
    """What an entry says in one field."""
    return await session.get(NoticeBlobRow, (notice_id, seq, field), populate_existing=True)


async def take_blob(
    session: AsyncSession,
    notice_id: UUID,
    seq: int,
    field: str,
    *,
    at: datetime,
    tombstone: Mapping[str, Any],
) -> None:
    """Remove a value and its salt for good."""
    await session.execute(
        update(NoticeBlobRow)
        .where(
            NoticeBlobRow.notice_id == notice_id,
            NoticeBlobRow.seq == seq,
            NoticeBlobRow.field == field,
            NoticeBlobRow.redacted_at.is_(None),
        )
        .values(value=None, salt=None, redacted_at=at, redaction=dict(tombstone))
    )


async def shown_until(session: AsyncSession, notice_id: UUID, seq: int, field: str) -> int | None:
    """The entry from which on the field says something else; None where nothing has taken its place."""
    return await session.scalar(
        select(func.min(NoticeBlobRow.seq)).where(
            NoticeBlobRow.notice_id == notice_id, NoticeBlobRow.field == field, NoticeBlobRow.seq > seq
        )
    )


async def take_pages(
    session: AsyncSession,
    notice_id: UUID,
    first: int,
    before: int | None,
    *,
    at: datetime,
    tombstone: Mapping[str, Any],
) -> None:
    """Remove the pages from an entry on, up to one that no longer shows what is taken away."""
    statement = update(NoticeBlobRow).where(
        NoticeBlobRow.notice_id == notice_id,
        NoticeBlobRow.field == PAGE,
        NoticeBlobRow.seq >= first,
        NoticeBlobRow.redacted_at.is_(None),
    )
    if before is not None:
        statement = statement.where(NoticeBlobRow.seq < before)
    await session.execute(statement.values(value=None, salt=None, redacted_at=at, redaction=dict(tombstone)))


async def take_copies(session: AsyncSession, notice_id: UUID, seq: int, field: str, *, instead: str) -> None:
    """Remove the copies of what an entry said: in the mend that made it, in what held the clock, in events."""
    mends = await session.scalars(
        select(NoticeMendRow).where(NoticeMendRow.notice_id == notice_id, NoticeMendRow.seq == seq)
    )
    for mend in mends:
        mend.fields = {name: None if name == field else value for name, value in mend.fields.items()}
        if field == text_field("reason"):
            mend.reason = instead
        if field == text_field("document_no"):
            mend.document_no = instead
    if field == text_field("note"):
        await session.execute(
            update(NoticeHoldRow).where(NoticeHoldRow.notice_id == notice_id).values(note=instead)
        )
    await session.execute(
        update(EventRow)
        .where(
            EventRow.subject_id == notice_id,
            EventRow.kind.startswith("notices."),
            EventRow.payload["seq"].as_integer() == seq,
            EventRow.payload.has_key(field),
        )
        .values(payload=func.jsonb_set(EventRow.payload, [field], func.to_jsonb(instead)))
    )


async def lock_in_region(session: AsyncSession, notice_id: UUID, prefix: str) -> NoticeRow:
    """A notice of a region, locked, for its overseers. Raises `NotFound` also for one that lies outside."""
    found = await session.execute(
        select(NoticeRow)
        .where(NoticeRow.id == notice_id, NoticeRow.region_code.startswith(prefix, autoescape=True))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row
