"""Taking a text out of a record, or a file, away by law: one person asks, another decides; the chain stays whole."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.actions import topic
from app.auctions.rules.record import REDACTED
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.events import outbox
from app.evidence import repository
from app.evidence.events import FileRedacted, NoticeRedacted, TextRedacted
from app.evidence.rules.redaction import RedactionReason, check_second_person, check_text
from app.evidence.schemas import FileRedactionIn, RedactionIn
from app.evidence.states import MACHINE, RedactionStatus
from app.evidence.tables import RedactionRow
from app.files import repository as files
from app.files.actions import take_away as take_file_away
from app.files.states import FileStatus
from app.files.tables import FileRow
from app.http.etags import check_version
from app.hub import wake
from app.identity.access import Actor
from app.kit.dates import wire
from app.notices import repository as notices
from app.notices.actions.redacting import take_away
from app.notices.actions.telling import hearers
from app.notices.tables import NoticeRow

FILE_FIELD = "content"
"""What stands for the whole of a file where a record has a field."""


async def request_redaction(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: RedactionIn
) -> RedactionRow:
    """Ask that a text be taken away. A second request for the same text finds the first one."""
    row = await auctions.lock_in_region(session, auction_id, actor.region_prefix)
    text = await repository.text_of(session, row.id, asked.seq, asked.field)
    check_text(exists=text is not None, redacted=text is not None and text.text is None)
    found = await repository.open_redaction(session, asked.seq, asked.field, auction_id=row.id)
    if found is not None:
        return found
    asking = _asked(asked, actor, await clock.read(session))
    asking.auction_id = row.id
    return await repository.add_redaction(session, asking)


async def request_notice_redaction(
    session: AsyncSession, clock: Clock, *, actor: Actor, notice_id: UUID, asked: RedactionIn
) -> RedactionRow:
    """Ask that a part of a notice be taken away. A second request for the same part finds the first one."""
    row = await notices.lock_in_region(session, notice_id, actor.region_prefix)
    blob = await notices.blob_of(session, row.id, asked.seq, asked.field)
    check_text(exists=blob is not None, redacted=blob is not None and blob.value is None)
    found = await repository.open_redaction(session, asked.seq, asked.field, notice_id=row.id)
    if found is not None:
        return found
    asking = _asked(asked, actor, await clock.read(session))
    asking.notice_id = row.id
    return await repository.add_redaction(session, asking)


async def request_file_redaction(
    session: AsyncSession, clock: Clock, *, actor: Actor, file_id: UUID, asked: FileRedactionIn
) -> RedactionRow:
    """Ask that a file be taken away. A second request for it finds the first one."""
    row = await files.lock_in_region(session, file_id, actor.region_prefix)
    check_text(exists=True, redacted=row.status != FileStatus.KEPT)
    found = await repository.open_redaction(session, 0, FILE_FIELD, file_id=row.id)
    if found is not None:
        return found
    whole = RedactionIn.model_construct(
        seq=0, field=FILE_FIELD, reason=asked.reason, document_no=asked.document_no
    )
    asking = _asked(whole, actor, await clock.read(session))
    asking.file_id = row.id
    return await repository.add_redaction(session, asking)


def _asked(asked: RedactionIn, actor: Actor, at: datetime) -> RedactionRow:
    return RedactionRow(
        seq=asked.seq,
        field=asked.field,
        reason=asked.reason,
        document_no=asked.document_no,
        status=MACHINE.initial,
        requested_by=actor.user_id,
        requested_party_id=actor.party_id,
        requested_at=at,
    )


async def review_redaction(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    redaction_id: UUID,
    approved: bool,
    expected: int,
) -> RedactionRow:
    """Decide another person's request. Approved, the text and its salt are gone in the same commit, everywhere."""
    target = await repository.target_of(session, redaction_id)
    if target.notice_id is not None:
        notice = await notices.lock_in_region(session, target.notice_id, actor.region_prefix)
        row, at = await _decide(session, clock, actor, redaction_id, approved=approved, expected=expected)
        if approved:
            await _take_from_notice(session, notice, row, at)
        return row
    if target.file_id is not None:
        file = await files.lock_in_region(session, target.file_id, actor.region_prefix)
        row, at = await _decide(session, clock, actor, redaction_id, approved=approved, expected=expected)
        if approved:
            await _take_file(session, clock, file, row, at)
        return row
    assert target.auction_id is not None
    auction = await auctions.lock_in_region(session, target.auction_id, actor.region_prefix)
    row, at = await _decide(session, clock, actor, redaction_id, approved=approved, expected=expected)
    if approved:
        await _take_from_sale(session, auction, row, at)
    return row


async def _decide(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    redaction_id: UUID,
    *,
    approved: bool,
    expected: int,
) -> tuple[RedactionRow, datetime]:
    row = await repository.lock_redaction(session, redaction_id)
    check_version(row.version, expected)
    check_second_person(requested_by=row.requested_by, user_id=actor.user_id)
    at = await clock.read(session)
    MACHINE.advance(row, RedactionStatus.DONE if approved else RedactionStatus.REFUSED)
    row.decided_by, row.decided_party_id, row.decided_at = actor.user_id, actor.party_id, at
    await session.flush()
    return row, at


async def _take_from_sale(
    session: AsyncSession, auction: AuctionRow, row: RedactionRow, at: datetime
) -> None:
    await repository.take_text_away(session, row, at=at, instead=REDACTED)
    told = TextRedacted(
        subject_id=auction.id,
        at=at,
        parties=(auction.seller_party_id,),
        number=auction.number,
        seq=row.seq,
        field=row.field,
        reason=row.reason,
    )
    await outbox.record(session, told)
    wake(session, topic(auction.id))


async def _take_from_notice(
    session: AsyncSession, notice: NoticeRow, row: RedactionRow, at: datetime
) -> None:
    asked_by, decided_by = await repository.offices_of(session, row)
    tombstone = {
        "reason": row.reason,
        "document_no": row.document_no,
        "requested_by": asked_by,
        "decided_by": decided_by,
        "at": wire(at),
    }
    await take_away(session, notice, seq=row.seq, field=row.field, at=at, tombstone=tombstone)
    told = NoticeRedacted(
        subject_id=notice.id,
        at=at,
        parties=hearers(notice),
        number=notice.number,
        seq=row.seq,
        field=row.field,
        reason=row.reason,
    )
    await outbox.record(session, told)


async def _take_file(
    session: AsyncSession, clock: Clock, file: FileRow, row: RedactionRow, at: datetime
) -> None:
    assert row.decided_by is not None
    await take_file_away(session, clock, file_id=file.id, at=at, reason=row.reason, by=row.decided_by)
    told = FileRedacted(
        subject_id=file.id,
        at=at,
        parties=(file.owner_party_id,),
        sha256=file.sha256.hex(),
        reason=RedactionReason(row.reason),
    )
    await outbox.record(session, told)
