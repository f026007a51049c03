"""Listings and outages of the service: a deadline that one touched is postponed once, with a public event."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar.queries import add_working_days
from app.db.clock import Clock
from app.db.heartbeat import outages_after
from app.events import outbox
from app.kit.dates import at_minute, market_date
from app.kit.outages import Outage
from app.markets import repository as offerings
from app.markets.events import DeadlinePostponed
from app.markets.fairness import fairness_of, reason_en, reason_zh
from app.markets.listed import repository, rules
from app.markets.listed.states import MACHINE
from app.markets.listed.tables import ListingRow
from app.markets.registrations import actions as registrations
from app.markets.registrations import repository as registrants
from app.markets.states import ListingStatus, OfferingStatus
from app.markets.tables import OfferingRow


async def judge(session: AsyncSession, clock: Clock, row: ListingRow) -> bool:
    """Judge a locked listing by every outage that it has not been judged by, in their order. Whether it ends later now."""
    unjudged = await outages_after(session, row.outage_no)
    if not unjudged:
        return False
    offering = await offerings.lock(session, row.offering_id)
    before = row.ends_at
    for outage in unjudged:
        row.outage_no = outage.no
        if offering.status == OfferingStatus.OPEN:
            await _judge(session, clock, offering, row, outage)
    await registrations.note_outage(session, offering_id=offering.id, outage_no=row.outage_no)
    return row.ends_at > before


async def _judge(
    session: AsyncSession, clock: Clock, offering: OfferingRow, row: ListingRow, outage: Outage
) -> None:
    at = await clock.read(session)
    profile = await offerings.profile_of(session, offering)
    cutoff = profile.listing_cutoff_minute.value
    tomorrow = await add_working_days(session, market_date(at), 1)
    ends_at = rules.postponed(
        row.ends_at,
        outage,
        at,
        fairness=fairness_of(profile.auction),
        cutoff=at_minute(tomorrow.on, cutoff),
    )
    if ends_at is None:
        return
    evaluates = await add_working_days(session, market_date(ends_at), profile.evaluation_days.value)
    row.ends_at, row.ends_on = ends_at, market_date(ends_at)
    row.evaluates_at = max(row.evaluates_at, at_minute(evaluates.on, cutoff))
    row.provisional = row.provisional or evaluates.provisional
    if row.status == ListingStatus.EVALUATING:
        MACHINE.advance(row, ListingStatus.LISTED)
    row.next_due_at = repository.due(row)
    assert offering.registration_opens_at is not None
    await registrations.move_window(
        session,
        clock,
        offering_id=offering.id,
        opens_at=offering.registration_opens_at,
        ends_at=ends_at,
        deposit_due_at=ends_at,
    )
    buyers = [one.buyer_party_id for one in await registrants.lock_live(session, offering.id)]
    await outbox.record(
        session,
        DeadlinePostponed(
            subject_id=offering.id,
            at=at,
            parties=(offering.seller_party_id, *buyers),
            offering_number=offering.number,
            title=offering.title,
            outage_no=outage.no,
            outage_began_at=outage.began_at,
            outage_ended_at=outage.ended_at,
            registration_ends_at=ends_at,
            deposit_due_at=ends_at,
            reason_zh=reason_zh(outage),
            reason_en=reason_en(outage),
        ),
    )
