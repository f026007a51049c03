"""Writing a notice's record, and reading what it says now."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.notices.rules.fields import FIELDS
from app.notices.rules.record import PAGE, EntryKind, committed, content_hash, link, plain, text_field
from app.notices.tables import NoticeBlobRow, NoticeEntryRow, NoticeRow
from app.signing.actions import sign_entries
from app.signing.rules.chain import SALT_BYTES
from app.signing.rules.receipts import Entry


@dataclass(frozen=True)
class NewEntry:
    """An entry to be written.

    payload: names nobody and holds no free text. content: what the notice says, by fields; texts: reasons and notes, by
    names of their own; page: as it looks now. These three stand beside the chain, which holds commitments to them.
    """

    kind: EntryKind
    payload: Mapping[str, Any] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str | None] = field(default_factory=dict)
    page: str | None = None


async def enter(session: AsyncSession, row: NoticeRow, at: datetime, *entries: NewEntry) -> None:
    """Append entries to a locked notice's record, with one signature over all of them."""
    signed = []
    for entry in entries:
        content = {name: plain(value) for name, value in entry.content.items()}
        texts = {text_field(name): told for name, told in entry.texts.items() if told is not None}
        pages = {PAGE: entry.page} if entry.page is not None else {}
        values = {**content, **texts, **pages}
        salts = {name: secrets.token_bytes(SALT_BYTES) for name in values}
        held = {"content": committed(content, salts), "texts": committed(texts, salts)}
        payload = dict(plain(entry.payload)) | committed(pages, salts)
        payload |= {part: told for part, told in held.items() if told}
        seq = row.seq + 1
        digest = link(row.id, seq=seq, kind=entry.kind, at=at, payload=payload, previous=row.chain_head)
        session.add(
            NoticeEntryRow(
                notice_id=row.id,
                seq=seq,
                kind=entry.kind,
                at=at,
                payload=payload,
                prev_hash=row.chain_head,
                hash=digest,
            )
        )
        await session.flush()
        session.add_all(
            NoticeBlobRow(notice_id=row.id, seq=seq, field=name, salt=salts[name], value=value)
            for name, value in values.items()
        )
        row.seq, row.chain_head = seq, digest
        signed.append(Entry(row.id, seq, digest))
        if entry.content:
            row.content_hash = content_hash(await _commitments(session, row.id))
    await session.flush()
    await sign_entries(session, signed, at)


async def _commitments(session: AsyncSession, notice_id: UUID) -> dict[str, str]:
    """The latest commitment to each field."""
    found = await session.execute(
        select(NoticeEntryRow.payload["content"])
        .where(NoticeEntryRow.notice_id == notice_id, NoticeEntryRow.payload.has_key("content"))
        .order_by(NoticeEntryRow.seq)
    )
    return {name: told["commitment"] for content in found.scalars() for name, told in content.items()}


async def content_of(session: AsyncSession, notice_id: UUID, *, before: int | None = None) -> dict[str, Any]:
    """What a notice says, by fields; None for what was lawfully taken away. before: what it said before that entry."""
    statement = select(NoticeBlobRow.field, NoticeBlobRow.value).where(
        NoticeBlobRow.notice_id == notice_id, NoticeBlobRow.field.in_(FIELDS)
    )
    if before is not None:
        statement = statement.where(NoticeBlobRow.seq < before)
    found = await session.execute(statement.order_by(NoticeBlobRow.seq))
    return {row.field: row.value for row in found}
