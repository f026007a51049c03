"""What can be done to a listing: publish it, accept its fixed price, and evaluate it when its time is over."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar.queries import add_working_days
from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.dates import market_date
from app.markets import actions, rules
from app.markets import repository as offerings
from app.markets.award import Award, AwardRule
from app.markets.bundles.repository import require_allocated
from app.markets.events import EvaluationPutOff
from app.markets.listed import outages, repository
from app.markets.listed.errors import AcceptanceNotQualified
from app.markets.listed.rules import (
    STANDS,
    Candidate,
    Evaluation,
    Result,
    Timetable,
    check_acceptance,
    deposit,
    evaluate,
    kind_of,
    period_days,
    timetable,
)
from app.markets.listed.states import MACHINE
from app.markets.listed.tables import ListingRow
from app.markets.registrations import actions as registrations
from app.markets.registrations import repository as registrants
from app.markets.registrations.states import UNDECIDED, RegistrationStatus
from app.markets.registrations.tables import RegistrationRow
from app.markets.states import ListingStatus, OfferingStatus, Path
from app.markets.tables import OfferingRow

log = structlog.get_logger()

NO_BUYER: Final = "公告期满，没有合格意向受让方"
PERIOD_OVER: Final = "公告期满"


async def publish(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, expected: int
) -> OfferingRow:
    """Publish a reviewed listed offering: its period begins, and the window for registrations with it."""
    row = await offerings.lock_in_region(session, offering_id, actor.region_prefix)
    check_version(row.version, expected)
    at = await clock.read(session)
    rules.require_path(Path(row.path), Path.LISTED)
    rules.require_status(OfferingStatus(row.status), OfferingStatus.APPROVED)
    rules.check_reviewer(concerned=actor.belongs_to(row.seller_party_id, row.holder_party_id))
    table = await _timetable(session, row, at)
    assert row.ask_minor is not None
    await registrations.open_window(
        session,
        clock,
        offering_id=row.id,
        opens_at=at,
        ends_at=table.ends_at,
        deposit_amount_minor=deposit(
            await offerings.profile_of(session, row), row.ask_minor, row.deposit_minor
        ),
        deposit_due_at=table.ends_at,
    )
    await require_allocated(session, row.id)
    await repository.add(
        session,
        ListingRow(
            offering_id=row.id,
            kind=kind_of(row.capacity),
            published_on=table.published_on,
            published_by=actor.user_id,
            ends_on=table.ends_on,
            provisional=table.provisional,
            ends_at=table.ends_at,
            evaluates_at=table.evaluates_at,
            next_due_at=table.ends_at,
        ),
    )
    return row


async def accept(session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID) -> Award:
    """Accept the fixed price of a licence that several may take. One award a buyer, until the capacity is used."""
    row = await offerings.lock_seen(session, offering_id)
    rules.require_path(Path(row.path), Path.LISTED)
    at = await clock.read(session)
    registration = await registrants.existing(session, offering_id, actor.party_id)
    if registration is None:
        raise AcceptanceNotQualified()
    await registrations.settle_payments(session, offering_id, at)
    rules.check_award((await offerings.sold_of(session, row)).sale, actor.party_id)
    check_acceptance(capacity=row.capacity, qualified=registration.status == RegistrationStatus.QUALIFIED)
    assert row.ask_minor is not None
    return await actions.award(
        session,
        clock,
        offering_id=offering_id,
        buyer_party_id=actor.party_id,
        amount_minor=row.ask_minor,
        rule=AwardRule.LISTED_FIXED_PRICE,
        registration_id=registration.id,
        locked=row,
    )


async def sweep(session: AsyncSession, clock: Clock) -> bool:
    """Do what is due to one listing, if there is one: its time is over, or it is evaluated. One that fails is put off."""
    row = await repository.take_due(session)
    if row is None:
        return False
    offering_id = row.offering_id
    try:
        async with session.begin_nested():
            await _meet(session, clock, row)
    except Exception as error:  # whatever it is, the other listings go on
        log.error("listing_not_evaluated", offering_id=str(offering_id), exc_info=error)
        await repository.put_off(session, offering_id)
    return True


async def sweep_outages(session: AsyncSession, clock: Clock) -> bool:
    """Judge one listing by the outages that it has not been judged by, if there is one."""
    row = await repository.take_unjudged(session)
    if row is None:
        return False
    offering_id = row.offering_id
    try:
        async with session.begin_nested():
            await outages.judge(session, clock, row)
    except Exception as error:  # whatever it is, the other listings go on
        log.error("listing_not_judged", offering_id=str(offering_id), exc_info=error)
        await repository.put_off(session, offering_id)
    return True


async def _meet(session: AsyncSession, clock: Clock, row: ListingRow) -> None:
    if await outages.judge(session, clock, row):
        return
    if row.status == ListingStatus.LISTED:
        MACHINE.advance(row, ListingStatus.EVALUATING)
        row.next_due_at = repository.due(row)
        return
    await _evaluate(session, clock, row)


async def _evaluate(session: AsyncSession, clock: Clock, row: ListingRow) -> None:
    offering = await offerings.lock(session, row.offering_id)
    at = await clock.read(session)
    rows = await registrations.settle_payments(session, offering.id, at)
    assert offering.ask_minor is not None
    found = evaluate(
        [_candidate(one) for one in rows],
        capacity=offering.capacity,
        ask_minor=offering.ask_minor,
    )
    if found.result is None:
        await _put_off(session, offering, row, at)
        return
    row.evaluated_at, row.result = at, found.result
    MACHINE.advance(row, STANDS[found.result])
    row.next_due_at = repository.due(row)
    await session.flush()
    await _THEN[found.result](session, clock, offering.id, found)


async def _put_off(session: AsyncSession, offering: OfferingRow, row: ListingRow, at: datetime) -> None:
    """To the cut-off of the next working day."""
    today = market_date(at)
    later = await add_working_days(session, today, 1)
    table = timetable(
        row.published_on,
        row.ends_on,
        later.on,
        provisional=row.provisional or later.provisional,
        cutoff_minute=(await offerings.profile_of(session, offering)).listing_cutoff_minute.value,
    )
    row.evaluates_at, row.put_off_count = table.evaluates_at, row.put_off_count + 1
    row.next_due_at = repository.due(row)
    await outbox.record(
        session,
        EvaluationPutOff(
            subject_id=offering.id, at=at, offering_number=offering.number, evaluates_at=row.evaluates_at
        ),
    )


async def _nobody(session: AsyncSession, clock: Clock, offering_id: UUID, _: Evaluation) -> None:
    await actions.fail(session, clock, offering_id=offering_id, reason=NO_BUYER)


async def _over(session: AsyncSession, clock: Clock, offering_id: UUID, _: Evaluation) -> None:
    await actions.fail(session, clock, offering_id=offering_id, reason=PERIOD_OVER)


async def _single(session: AsyncSession, clock: Clock, offering_id: UUID, found: Evaluation) -> None:
    assert found.winner is not None and found.amount_minor is not None
    await actions.award(
        session,
        clock,
        offering_id=offering_id,
        buyer_party_id=found.winner.buyer_party_id,
        amount_minor=found.amount_minor,
        rule=AwardRule.LISTED_SINGLE_BUYER,
        registration_id=found.winner.registration_id,
    )


async def _competition(session: AsyncSession, clock: Clock, offering_id: UUID, _: Evaluation) -> None:
    await actions.call_competition(session, clock, offering_id=offering_id)


_THEN: Final[dict[Result, Callable[[AsyncSession, Clock, UUID, Evaluation], Awaitable[None]]]] = {
    Result.NO_BUYER: _nobody,
    Result.SINGLE_BUYER: _single,
    Result.COMPETITION: _competition,
    Result.PERIOD_OVER: _over,
}


def _candidate(row: RegistrationRow) -> Candidate:
    return Candidate(
        registration_id=row.id,
        buyer_party_id=row.buyer_party_id,
        decided=RegistrationStatus(row.status) not in UNDECIDED,
        qualified=row.status == RegistrationStatus.QUALIFIED,
        paid=row.deposit_minor == 0 or row.deposit_held_at is not None,
        quote_minor=row.quote_minor,
    )


async def _timetable(session: AsyncSession, row: OfferingRow, at: datetime) -> Timetable:
    profile = await offerings.profile_of(session, row)
    today = market_date(at)
    ends = await add_working_days(session, today, period_days(profile, row.capacity, row.period_days))
    evaluates = await add_working_days(session, ends.on, profile.evaluation_days.value)
    return timetable(
        today,
        ends.on,
        evaluates.on,
        provisional=ends.provisional or evaluates.provisional,
        cutoff_minute=profile.listing_cutoff_minute.value,
    )
