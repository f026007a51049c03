"""Publishing a notice, and putting a new one in the place of one whose terms change."""

from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.heartbeat import read_pulse
from app.db.numbers import next_number
from app.events import outbox
from app.identity.access import Actor
from app.kit.dates import market_date
from app.kit.ids import new_id
from app.notices import repository
from app.notices.actions.telling import told
from app.notices.errors import NoticeLiveAlready
from app.notices.events import NoticePublished, NoticeStarted, NoticeSuperseded
from app.notices.repository import NewEntry
from app.notices.rules import clock as rules
from app.notices.rules.draft import NoticeDraft, check_draft
from app.notices.rules.page import page
from app.notices.rules.record import EntryKind
from app.notices.rules.words import HEADINGS
from app.notices.states import NOTICE, NoticeStatus, PlaceKind
from app.notices.tables import NoticePlaceRow, NoticeRow
from app.signing.rules.chain import GENESIS

NUMBER_PREFIX: Final = "GS"


async def publish(
    session: AsyncSession,
    clock: Clock,
    *,
    draft: NoticeDraft,
    actor: Actor | None,
    predecessor_id: UUID | None = None,
) -> NoticeRow:
    """Publish a notice at its permanent address. It runs once every wanted place is live; the market is at once.

    The caller holds the lock of what it is about. actor: None where a rule publishes it. Raises what `check_draft`
    raises, and `NoticeLiveAlready`.
    """
    check_draft(draft)
    if await repository.live_of(session, draft.about_kind, draft.about_id, draft.kind) is not None:
        raise NoticeLiveAlready()
    at = await clock.read(session)
    number = await next_number(session, NUMBER_PREFIX, at)
    row = _row(draft, number, at, actor, predecessor_id)
    row.outage_no = (await read_pulse(session)).outage_no
    places = [
        NoticePlaceRow(
            notice_id=row.id,
            kind=place.kind,
            url=place.url,
            starts_clock=place.starts_clock,
            shown_at=at if place.kind is PlaceKind.MARKET else None,
            live_at=at if place.kind is PlaceKind.MARKET else None,
        )
        for place in draft.places
    ]
    await repository.add(session, row, places)
    content = {name: value for name, value in draft.told.items() if value is not None}
    entry = NewEntry(
        EntryKind.PUBLISHED,
        payload=_pinned(draft, number),
        content=content,
        page=page(number=number, heading=HEADINGS[draft.kind], content=content),
    )
    await repository.enter(session, row, at, entry)
    published = NoticePublished(
        **told(row),
        at=at,
        title=draft.title,
        owner_party_id=draft.owner_party_id,
        predecessor_id=predecessor_id,
    )
    await outbox.record(session, published)
    await start_if_live(session, row, at)
    return row


async def start_if_live(session: AsyncSession, row: NoticeRow, at: datetime) -> bool:
    """Start the clock of a locked notice if every place shows it: from the later one on."""
    places = await repository.places_of(session, row.id)
    starts_at = rules.started_at([place.live_at for place in places if place.starts_clock])
    if row.status != NoticeStatus.SCHEDULED or starts_at is None:
        return False
    on = market_date(starts_at)
    known = await repository.known_days(session, on, days=row.period_value)
    segment = rules.start(known, on, repository.period_of(row), row.cutoff_minute)
    NOTICE.advance(row, NoticeStatus.RUNNING)
    row.starts_at, row.starts_on = starts_at, on
    repository.set_segment(row, segment)
    row.calendar_no = await repository.calendar_no(session)
    await repository.enter(
        session,
        row,
        at,
        NewEntry(
            EntryKind.STARTED,
            payload={
                "starts_at": starts_at,
                "ends_on": segment.ends_on,
                "ends_minute": segment.minute,
                "ends_at": segment.ends_at,
                "provisional": segment.provisional,
            },
        ),
    )
    started = NoticeStarted(
        **told(row), at=at, starts_at=starts_at, ends_at=segment.ends_at, provisional=segment.provisional
    )
    await outbox.record(session, started)
    return True


async def supersede(
    session: AsyncSession, clock: Clock, *, notice_id: UUID, by: NoticeDraft, actor: Actor | None
) -> NoticeRow:
    """变更: end a live notice and publish the new one, with the whole period again. Returns the new one.

    Raises `NotFound`, `IllegalTransition` where it has ended, and what `publish` raises.
    """
    old = await repository.lock(session, notice_id)
    at = await clock.read(session)
    NOTICE.advance(old, NoticeStatus.SUPERSEDED)
    await repository.end(session, old, at, reason=None)
    row = await publish(session, clock, draft=by, actor=actor, predecessor_id=old.id)
    old.successor_id = row.id
    ended = NewEntry(EntryKind.SUPERSEDED, payload={"successor_id": row.id, "successor_number": row.number})
    await repository.enter(session, old, at, ended)
    superseded = NoticeSuperseded(**told(old), at=at, successor_id=row.id, successor_number=row.number)
    await outbox.record(session, superseded)
    return row


def _row(
    draft: NoticeDraft, number: str, at: datetime, actor: Actor | None, predecessor_id: UUID | None
) -> NoticeRow:
    return NoticeRow(
        id=new_id(),
        number=number,
        kind=draft.kind,
        about_kind=draft.about_kind,
        about_id=draft.about_id,
        owner_party_id=draft.owner_party_id,
        region_code=draft.region_code,
        title=draft.title,
        status=NOTICE.initial,
        audience=list(draft.audience),
        watching=[],
        published_by=actor.user_id if actor else None,
        published_at=at,
        period_value=draft.period.value,
        period_unit=draft.period.unit,
        floor_value=draft.floor.value,
        cutoff_minute=draft.cutoff_minute,
        supplement_days_min=draft.supplement_days_min,
        objection_terms=asdict(draft.objection),
        sources=dict(draft.sources),
        counted_value=draft.period.value,
        predecessor_id=predecessor_id,
        seq=0,
        open_objections=0,
        least_days=0,
        revision=1,
        chain_head=GENESIS,
        content_hash=GENESIS,
    )


def _pinned(draft: NoticeDraft, number: str) -> dict[str, object]:
    """What a notice pins besides its content: nobody is named by it."""
    return {
        "number": number,
        "notice_kind": draft.kind,
        "about_kind": draft.about_kind,
        "about_id": draft.about_id,
        "owner_party_id": draft.owner_party_id,
        "period": {"value": draft.period.value, "unit": draft.period.unit},
        "floor": {"value": draft.floor.value, "unit": draft.floor.unit},
        "cutoff_minute": draft.cutoff_minute,
        "places": [
            {"kind": place.kind, "url": place.url, "starts_clock": place.starts_clock}
            for place in draft.places
        ],
        "objection": asdict(draft.objection),
        "sources": dict(draft.sources),
    }
