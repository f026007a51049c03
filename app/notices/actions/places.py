"""A place shows the notice, by somebody's word and paper; and a notice is taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.files import actions as files
from app.http.etags import check_version
from app.identity.access import Actor
from app.notices import repository
from app.notices.actions.publishing import start_if_live
from app.notices.actions.telling import told
from app.notices.errors import NoticeNotRunning, NoticeOfSale, PlaceMissing
from app.notices.events import NoticePlaceAttested, NoticeRevoked
from app.notices.repository import NewEntry
from app.notices.rules.clock import counts_from
from app.notices.rules.places import check_place
from app.notices.rules.record import EntryKind
from app.notices.states import LIVE, NOTICE, OF_SALES, NoticeKind, NoticeStatus, PlaceKind, RevokedReason
from app.notices.tables import NoticeRow


async def attest_place(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    notice_id: UUID,
    expected: int,
    place: PlaceKind,
    url: str,
    published_at: datetime,
    evidence_file_id: UUID | None = None,
) -> NoticeRow:
    """Attest that a place shows the notice since `published_at`. The last one starts the clock.

    What is told of on a later legal day counts from the telling (`rules.clock.counts_from`). Raises `NotFound`, `Stale`,
    `NoticeNotRunning` once it has ended, `PlaceMissing` for a place that is not waited for, what
    `rules.places.check_place` and `files.attach` raise.
    """
    row = await repository.lock_for(session, notice_id, actor)
    check_version(row.version, expected)
    at = await clock.read(session)
    if NoticeStatus(row.status) not in LIVE:
        raise NoticeNotRunning()
    wanted = [one for one in await repository.places_of(session, row.id) if one.kind == place]
    if not wanted or wanted[0].live_at is not None:
        raise PlaceMissing()
    check_place(place, published_at, row.published_at, at, has_evidence=evidence_file_id is not None)
    waited = wanted[0]
    waited.url, waited.shown_at, waited.live_at = url, published_at, counts_from(published_at, at)
    waited.attested_by, waited.evidence_file_id = actor.user_id, evidence_file_id
    await session.flush()
    if evidence_file_id is not None:
        await files.attach(
            session,
            owner_party_id=actor.party_id,
            file_id=evidence_file_id,
            subject=files.Subject("notice", row.id),
        )
    entry = NewEntry(
        EntryKind.PLACE_LIVE,
        payload={
            "place": place,
            "url": url,
            "shown_at": published_at,
            "live_at": waited.live_at,
            "evidence_file_id": evidence_file_id,
        },
    )
    await repository.enter(session, row, at, entry)
    attested = NoticePlaceAttested(**told(row), at=at, place=place, url=url, shown_at=published_at)
    await outbox.record(session, attested)
    await start_if_live(session, row, at)
    return row


async def revoke(
    session: AsyncSession,
    clock: Clock,
    *,
    notice_id: UUID,
    reason_class: RevokedReason,
    note: str | None,
    by: Actor | None = None,
    expected: int | None = None,
) -> NoticeRow:
    """Take a notice back, also one that has passed; what rests on it ends with it.

    by: a person acting for its owner or in its region; None where a rule takes it back. Raises `NotFound`, `Stale`,
    `NoticeOfSale` for a person where the sale takes it back, `IllegalTransition`.
    """
    row = await (repository.lock_for(session, notice_id, by) if by else repository.lock(session, notice_id))
    if expected is not None:
        check_version(row.version, expected)
    if by is not None and NoticeKind(row.kind) in OF_SALES:
        raise NoticeOfSale()
    at = await clock.read(session)
    NOTICE.advance(row, NoticeStatus.REVOKED)
    await repository.end(session, row, at, reason=reason_class)
    entry = NewEntry(EntryKind.REVOKED, payload={"reason_class": reason_class}, texts={"note": note})
    await repository.enter(session, row, at, entry)
    await outbox.record(session, NoticeRevoked(**told(row), at=at, reason_class=reason_class))
    return row


async def take_back(
    session: AsyncSession, clock: Clock, *, notice_id: UUID, reason_class: RevokedReason, note: str | None
) -> bool:
    """`revoke` for a notice that may have ended already: that one stays as it is, and the answer is False."""
    row = await repository.lock(session, notice_id)
    if NoticeStatus(row.status) not in LIVE:
        return False
    await revoke(session, clock, notice_id=notice_id, reason_class=reason_class, note=note)
    return True


async def watch(session: AsyncSession, clock: Clock, *, actor: Actor, notice_id: UUID) -> NoticeRow:
    """Be told of a notice's mends and its end. Raises `NotFound`."""
    row = await repository.notice(session, notice_id)
    at = await clock.read(session)
    await repository.watch(session, row.id, user_id=actor.user_id, party_id=actor.party_id, at=at)
    return row


async def unwatch(session: AsyncSession, *, actor: Actor, notice_id: UUID) -> NoticeRow:
    """Be told no more. Raises `NotFound`."""
    row = await repository.notice(session, notice_id)
    await repository.unwatch(session, row.id, user_id=actor.user_id, party_id=actor.party_id)
    return row
