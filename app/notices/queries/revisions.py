"""What a notice said when: every mend with its difference."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.notices.rules.fields import FIELDS
from app.notices.rules.record import EntryKind, text_field
from app.notices.schemas import DifferenceOut, RevisionOut
from app.notices.states import MendKind
from app.notices.tables import NoticeBlobRow, NoticeEntryRow

_MENDS = {EntryKind.CORRECTED: MendKind.CORRECTION, EntryKind.SUPPLEMENTED: MendKind.SUPPLEMENT}


async def revisions(session: AsyncSession, notice_id: UUID) -> list[RevisionOut]:
    """The mends of a notice, the first one first."""
    entries = await session.scalars(
        select(NoticeEntryRow)
        .where(NoticeEntryRow.notice_id == notice_id, NoticeEntryRow.kind.in_(list(_MENDS)))
        .order_by(NoticeEntryRow.seq)
    )
    said = await blobs(session, notice_id)
    content = {name: value for name, value in said.get(1, {}).items() if name in FIELDS}
    found = []
    for entry in entries:
        now = said.get(entry.seq, {})
        changed = {name: value for name, value in now.items() if name in FIELDS}
        found.append(
            RevisionOut(
                seq=entry.seq,
                revision=entry.payload["revision"],
                kind=_MENDS[EntryKind(entry.kind)],
                at=entry.at,
                reason=now.get(text_field("reason")),
                document_no=now.get(text_field("document_no")),
                days=entry.payload["days"],
                differences=differences(content, changed),
            )
        )
        content |= changed
    return found


async def blobs(session: AsyncSession, notice_id: UUID) -> dict[int, dict[str, Any]]:
    """What stands beside the chain, by entry and field; None for what was lawfully taken away."""
    rows = await session.execute(
        select(NoticeBlobRow.seq, NoticeBlobRow.field, NoticeBlobRow.value).where(
            NoticeBlobRow.notice_id == notice_id
        )
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row.seq, {})[row.field] = row.value
    return found


def differences(content: Mapping[str, Any], changed: Mapping[str, Any]) -> list[DifferenceOut]:
    """Field by field, before and after, in the order of the table of fields."""
    return [
        DifferenceOut(
            name=name,
            title_zh=FIELDS[name].title_zh,
            title_en=FIELDS[name].title_en,
            before=content.get(name),
            after=changed[name],
        )
        for name in FIELDS
        if name in changed
    ]
