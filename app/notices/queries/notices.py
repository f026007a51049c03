"""Reading notices: anybody reads every notice at its address, for ever."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor, region_prefix
from app.identity.tables import PartyRow
from app.kit.dates import local_text
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.notices import repository
from app.notices.queries.revisions import blobs
from app.notices.rules.fields import FIELDS
from app.notices.rules.page import page
from app.notices.rules.record import PAGE, EntryKind, text_field
from app.notices.rules.words import HEADINGS
from app.notices.schemas import (
    DaysOut,
    FieldOut,
    NoticeLine,
    NoticeLinkOut,
    NoticeOut,
    NoticePage,
    NoticePlaceOut,
    ObjectionTermsOut,
    PauseOut,
    PublishedDecisionOut,
)
from app.notices.states import NoticeKind, NoticeStatus
from app.notices.tables import NoticeBlobRow, NoticeEntryRow, NoticeHoldRow, NoticeRow, NoticeWatcherRow


def _all() -> Select[NoticeRow, str]:
    return (
        select(NoticeRow, PartyRow.name)
        .join(PartyRow, PartyRow.id == NoticeRow.owner_party_id)
        .execution_options(populate_existing=True)
    )


async def list_notices(
    session: AsyncSession,
    *,
    kind: NoticeKind | None,
    status: NoticeStatus | None,
    owner_party_id: UUID | None,
    about_id: UUID | None,
    region: str | None,
    cursor: str | None,
    limit: int,
) -> NoticePage:
    """Notices, the latest first."""
    filters = {"kind": kind, "status": status, "owner": owner_party_id, "about": about_id, "region": region}
    statement = _all()
    for column, value in (
        (NoticeRow.kind, kind),
        (NoticeRow.status, status),
        (NoticeRow.owner_party_id, owner_party_id),
        (NoticeRow.about_id, about_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if region is not None:
        statement = statement.where(NoticeRow.region_code.startswith(region_prefix(region), autoescape=True))
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, filters, (UUID,))
        statement = statement.where(NoticeRow.id < last_id)
    rows = list(await session.execute(statement.order_by(NoticeRow.id.desc()).limit(limit + 1)))
    shown, more = rows[:limit], len(rows) > limit
    return NoticePage(
        data=[NoticeLine(**_line(row, owner)) for row, owner in shown],
        next_cursor=encode_cursor([shown[-1][0].id], filters) if more else None,
        has_more=more,
    )


async def notice(session: AsyncSession, *, actor: Actor | None, notice_id: UUID) -> NoticeOut:
    """One notice, whole. Raises `NotFound`."""
    found = (await session.execute(_all().where(NoticeRow.id == notice_id))).one_or_none()
    if found is None:
        raise NotFound()
    row, owner = found
    said = await blobs(session, row.id)
    content = {name: value for seq in sorted(said) for name, value in said[seq].items() if name in FIELDS}
    pages = [one[PAGE] for _, one in sorted(said.items()) if PAGE in one]
    return NoticeOut(
        **_line(row, owner),
        revision=row.revision,
        content=await _fields(session, row.id),
        page=pages[-1] or page(number=row.number, heading=HEADINGS[NoticeKind(row.kind)], content=content),
        period=DaysOut(value=row.period_value, unit=row.period_unit),
        floor=DaysOut(value=row.floor_value, unit=row.period_unit),
        supplement_days_min=row.supplement_days_min,
        places=[
            NoticePlaceOut.model_validate(place) for place in await repository.places_of(session, row.id)
        ],
        pauses=await _pauses(session, row.id),
        objection=ObjectionTermsOut(**row.objection_terms),
        decisions=await _decisions(session, row.id, said),
        sources=row.sources,
        end_reason=row.end_reason,
        predecessor=await _link(session, row.predecessor_id),
        successor=await _link(session, row.successor_id),
        seq=row.seq,
        chain_head=row.chain_head.hex(),
        content_hash=row.content_hash.hex(),
        is_watched=actor is not None and await _watched(session, row.id, actor),
    )


def _line(row: NoticeRow, owner: str) -> dict[str, Any]:
    return {
        name: getattr(row, name)
        for name in NoticeLine.model_fields
        if name not in {"owner_name", "ends_local"}
    } | {"owner_name": owner, "ends_local": local_text(row.cutoff_minute)}


async def _fields(session: AsyncSession, notice_id: UUID) -> list[FieldOut]:
    rows = await session.scalars(
        select(NoticeBlobRow)
        .where(NoticeBlobRow.notice_id == notice_id, NoticeBlobRow.field.in_(FIELDS))
        .order_by(NoticeBlobRow.seq)
        .execution_options(populate_existing=True)
    )
    latest = {row.field: row for row in rows}
    return [
        FieldOut(
            name=name,
            title_zh=FIELDS[name].title_zh,
            title_en=FIELDS[name].title_en,
            value=latest[name].value,
            seq=latest[name].seq,
            is_redacted=latest[name].redacted_at is not None,
            redaction=latest[name].redaction,
        )
        for name in FIELDS
        if name in latest
    ]


async def _pauses(session: AsyncSession, notice_id: UUID) -> list[PauseOut]:
    rows = await session.scalars(
        select(NoticeHoldRow).where(NoticeHoldRow.notice_id == notice_id).order_by(NoticeHoldRow.began_at)
    )
    return [PauseOut.model_validate(row) for row in rows]


async def _decisions(
    session: AsyncSession, notice_id: UUID, said: dict[int, dict[str, Any]]
) -> list[PublishedDecisionOut]:
    rows = await session.scalars(
        select(NoticeEntryRow)
        .where(NoticeEntryRow.notice_id == notice_id, NoticeEntryRow.kind == EntryKind.OBJECTION_PUBLISHED)
        .order_by(NoticeEntryRow.seq)
    )
    return [
        PublishedDecisionOut(
            objection_number=row.payload["objection_number"],
            ground=row.payload["ground"],
            status=row.payload["status"],
            effect=row.payload["effect"],
            document_no=row.payload["document_no"],
            findings=said.get(row.seq, {}).get(text_field("findings")),
            at=row.at,
        )
        for row in rows
    ]


async def _link(session: AsyncSession, notice_id: UUID | None) -> NoticeLinkOut | None:
    if notice_id is None:
        return None
    number = await session.scalar(select(NoticeRow.number).where(NoticeRow.id == notice_id))
    assert number is not None
    return NoticeLinkOut(id=notice_id, number=number)


async def _watched(session: AsyncSession, notice_id: UUID, actor: Actor) -> bool:
    found = await session.scalar(
        select(func.count()).where(
            NoticeWatcherRow.notice_id == notice_id,
            NoticeWatcherRow.user_id == actor.user_id,
            NoticeWatcherRow.party_id == actor.party_id,
        )
    )
    return bool(found)
