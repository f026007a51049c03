"""Taking a text out of a record by law: one person asks, another decides; the chain stays whole."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.actions import topic
from app.auctions.rules.record import REDACTED
from app.db.clock import Clock
from app.events import outbox
from app.evidence import repository
from app.evidence.events import TextRedacted
from app.evidence.rules.redaction import check_second_person, check_text
from app.evidence.schemas import RedactionIn
from app.evidence.states import MACHINE, RedactionStatus
from app.evidence.tables import RedactionRow
from app.http.etags import check_version
from app.hub import wake
from app.identity.access import Actor


async def request_redaction(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: RedactionIn
) -> RedactionRow:
    """Ask that a text be taken away. A second request for the same text finds the first one."""
    row = await auctions.lock_in_region(session, auction_id, actor.region_prefix)
    text = await repository.text_of(session, row.id, asked.seq, asked.field)
    check_text(exists=text is not None, redacted=text is not None and text.text is None)
    found = await repository.open_redaction(session, row.id, asked.seq, asked.field)
    if found is not None:
        return found
    return await repository.add_redaction(
        session,
        RedactionRow(
            auction_id=row.id,
            seq=asked.seq,
            field=asked.field,
            reason=asked.reason,
            document_no=asked.document_no,
            status=MACHINE.initial,
            requested_by=actor.user_id,
            requested_party_id=actor.party_id,
            requested_at=await clock.read(session),
        ),
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
    auction_id = await repository.auction_of(session, redaction_id)
    auction = await auctions.lock_in_region(session, auction_id, actor.region_prefix)
    row = await repository.lock_redaction(session, redaction_id)
    check_version(row.version, expected)
    check_second_person(requested_by=row.requested_by, user_id=actor.user_id)
    at = await clock.read(session)
    MACHINE.advance(row, RedactionStatus.DONE if approved else RedactionStatus.REFUSED)
    row.decided_by, row.decided_party_id, row.decided_at = actor.user_id, actor.party_id, at
    await session.flush()
    if approved:
        await repository.take_text_away(session, row, at=at, instead=REDACTED)
        told = TextRedacted(
            subject_id=auction_id,
            at=at,
            parties=(auction.seller_party_id,),
            number=auction.number,
            seq=row.seq,
            field=row.field,
            reason=row.reason,
        )
        await outbox.record(session, told)
        wake(session, topic(auction_id))
    return row
