"""Before the bidding: a draft, its notice, a listed sale's competition, finance's signature."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.actions.closing import decide
from app.auctions.rules import competition, notice
from app.auctions.rules.commands import CallCompetition, MarkReady, PublishNotice
from app.auctions.rules.ladder import Ladder, Step
from app.auctions.rules.terms import Terms, Timetable, check_terms
from app.auctions.schemas import NoticeIn, TermsIn
from app.auctions.states import MACHINE
from app.auctions.tables import AuctionRow
from app.calendar.queries import add_working_days
from app.db.clock import Clock
from app.db.numbers import next_number
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.dates import market_date
from app.kit.money import fen
from app.markets import repository as offerings
from app.markets.events import CompetitionRequired
from app.markets.registrations import actions as registrations
from app.markets.tables import OfferingRow

NUMBER_PREFIX = "PM"


async def create_auction(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, terms: TermsIn
) -> AuctionRow:
    """Draft the sale of the actor's own reviewed offering. An offering has one auction at a time."""
    offering = await offerings.lock_own(session, offering_id, actor.party_id)
    at = await clock.read(session)
    notice.check_offering(path=offering.path, status=offering.status)
    asked = _terms(terms, notice_days_min=offerings.profile_of(offering).auction_notice_days.value)
    check_terms(asked)
    row = _draft(offering, asked, origin="auction", entered_by=actor.user_id, at=at)
    row.number = await next_number(session, NUMBER_PREFIX, at)
    return await repository.add(session, row)


async def change_terms(
    session: AsyncSession, *, actor: Actor, auction_id: UUID, terms: TermsIn, expected: int
) -> AuctionRow:
    """Give the actor's own draft other terms."""
    row = await repository.lock_own(session, auction_id, actor.party_id)
    check_version(row.version, expected)
    notice.check_draft(repository.snapshot_of(row).status)
    asked = _terms(terms, notice_days_min=repository.terms_of(row).notice_days_min)
    check_terms(asked)
    row.terms = repository.stored_terms(asked)
    await session.flush()
    return row


async def publish_notice(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    auction_id: UUID,
    notice_in: NoticeIn,
    expected: int,
) -> AuctionRow:
    """Publish the notice and open the offering for registrations, in one commit."""
    row = await repository.lock_in_region(session, auction_id, actor.region_prefix)
    check_version(row.version, expected)
    at = await clock.read(session)
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id))
    table = Timetable(**notice_in.model_dump())
    notice.check_horizon(table, at)
    earliest = await add_working_days(session, market_date(table.deposit_due_at), 1)
    command = PublishNotice(timetable=table, earliest_start_on=earliest.on)
    await decide(session, clock, row, command, at)
    await registrations.open_window(
        session,
        clock,
        offering_id=row.offering_id,
        opens_at=table.registration_opens_at,
        ends_at=table.registration_closes_at,
        deposit_amount_minor=repository.terms_of(row).deposit_minor,
        deposit_due_at=table.deposit_due_at,
    )
    return row


async def call_competition(
    session: AsyncSession, clock: Clock, *, required: CompetitionRequired
) -> AuctionRow:
    """Open the competition of a listed sale, on the registrations that it has. A second call finds it open."""
    offering = await offerings.lock(session, required.offering_id)
    found = await repository.open_of(session, offering.id)
    if found is not None:
        return found
    at = await clock.read(session)
    asked = competition.terms_of_competition(
        ask_minor=fen(required.amount), deposit_minor=fen(required.deposit_amount)
    )
    starts_on = await add_working_days(session, market_date(at), 1)
    table = competition.timetable_of_competition(
        registration_opens_at=required.registration_opens_at,
        registration_closes_at=required.registration_ends_at,
        deposit_due_at=required.deposit_due_at,
        starts_on=starts_on.on,
    )
    row = _draft(offering, asked, origin="listed", entered_by=required.entered_by, at=at)
    row.number = await next_number(session, NUMBER_PREFIX, at)
    await repository.add(session, row)
    await decide(session, clock, row, CallCompetition(timetable=table), at)
    await registrations.draw_codes(session, offering_id=offering.id)
    return row


async def mark_ready(session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID) -> AuctionRow:
    """Finance has reconciled the deposits: what is held counts, and the bidder codes are drawn."""
    row = await repository.lock_in_region(session, auction_id, actor.region_prefix)
    at = await clock.read(session)
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id))
    await decide(session, clock, row, MarkReady(), at)
    await registrations.draw_codes(session, offering_id=row.offering_id)
    await registrations.settle_payments(session, row.offering_id, at)
    return row


def _draft(offering: OfferingRow, terms: Terms, *, origin: str, entered_by: UUID, at: datetime) -> AuctionRow:
    return AuctionRow(
        offering_id=offering.id,
        seller_party_id=offering.seller_party_id,
        origin=origin,
        title=offering.title,
        status=MACHINE.initial,
        terms=repository.stored_terms(terms),
        sorted_at=at,
        region_code=offering.region_code,
        entered_by=entered_by,
        entered_on_behalf_of=offering.entered_on_behalf_of,
    )


def _terms(asked: TermsIn, *, notice_days_min: int) -> Terms:
    return Terms(
        start_price_minor=fen(asked.start_price),
        ladder=Ladder(
            steps=tuple(
                Step(from_minor=fen(step.from_price), increment_minor=fen(step.increment))
                for step in asked.ladder
            )
        ),
        deposit_minor=fen(asked.deposit),
        free_seconds=asked.free_seconds,
        window_seconds=asked.window_seconds,
        notice_days_min=notice_days_min,
        session_profile=asked.session_profile,
        extensions_max=asked.extensions_max,
        jump_cap_bp=asked.jump_cap_bp,
    )
