"""Before the bidding: a draft, its notice, a listed sale's competition, finance's signature."""

import secrets
from dataclasses import replace
from datetime import datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.actions import noticing
from app.auctions.actions.closing import decide
from app.auctions.reauctions import guards as reauctions
from app.auctions.rules import competition, notice
from app.auctions.rules.bounds import Bounds, check_terms
from app.auctions.rules.commands import CallCompetition, MarkReady, PublishNotice
from app.auctions.rules.ladder import Ladder, Step
from app.auctions.rules.sealed.terms import SealedTerms
from app.auctions.rules.snapshot import Holder
from app.auctions.rules.terms import Day, Format, Price, PriorityStyle, Terms, Timetable
from app.auctions.schemas import NoticeIn, TermsIn
from app.auctions.sessions.repository import session_of
from app.auctions.sessions.rules import check_alone
from app.auctions.states import MACHINE
from app.auctions.tables import AuctionRow
from app.calendar.queries import add_working_days
from app.db.clock import Clock
from app.db.numbers import next_number
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.dates import at_local, market_date, wire
from app.kit.money import fen
from app.markets import repository as offerings
from app.markets.auction_parameters import AuctionParameters
from app.markets.bundles.repository import require_allocated
from app.markets.events import CompetitionRequired
from app.markets.priority import actions as priority
from app.markets.priority import repository as priority_holders
from app.markets.registrations import actions as registrations
from app.markets.tables import OfferingRow
from app.signing.rules.chain import commitment

NUMBER_PREFIX = "PM"


async def create_auction(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, terms: TermsIn
) -> AuctionRow:
    """Draft the sale of the actor's own reviewed offering. An offering has one auction at a time."""
    offering = await offerings.lock_own(session, offering_id, actor.party_id)
    at = await clock.read(session)
    notice.check_offering(path=offering.path, status=offering.status)
    bounds, notice_days = (
        await _bounds(session, offering),
        (await offerings.profile_of(session, offering)).auction_notice_days,
    )
    asked = _terms(terms, notice_days_min=notice_days.value, bounds=bounds)
    row = _draft(offering, asked, origin="auction", entered_by=actor.user_id, at=at)
    kept = _pin(row, asked, terms, bounds)
    await reauctions.check_terms(session, offering, repository.terms_of(row))
    row.number = await next_number(session, NUMBER_PREFIX, at)
    await repository.add(session, row)
    await repository.keep_reserve(session, row.id, kept)
    return row


async def change_terms(
    session: AsyncSession, *, actor: Actor, auction_id: UUID, terms: TermsIn, expected: int
) -> AuctionRow:
    """Give the actor's own draft other terms."""
    row = await repository.lock_own(session, auction_id, actor.party_id)
    check_version(row.version, expected)
    notice.check_draft(repository.snapshot_of(row).status)
    offering = await offerings.lock(session, row.offering_id)
    bounds = await _bounds(session, offering)
    asked = _terms(terms, notice_days_min=repository.terms_of(row).notice_days_min, bounds=bounds)
    kept = _pin(row, asked, terms, bounds)
    await reauctions.check_terms(session, offering, repository.terms_of(row))
    await session.flush()
    await repository.keep_reserve(session, row.id, kept)
    return row


async def publish_notice(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    auction_id: UUID,
    notice_in: NoticeIn,
    expected: int,
    by_session: bool = False,
) -> AuctionRow:
    """Publish the notice and open the offering for registrations, in one commit. A session's lots: with the session."""
    row = await repository.lock_in_region(session, auction_id, actor.region_prefix)
    check_version(row.version, expected)
    check_alone(await session_of(session, row.id), by_session=by_session)
    at = await clock.read(session)
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id))
    table = Timetable(**notice_in.model_dump())
    bounds = await _bounds(session, await offerings.lock(session, row.offering_id))
    notice.check_horizon(table, at, bounds.auction)
    lead_days = bounds.auction.deposit_lead_days.value
    earliest = await add_working_days(session, market_date(table.deposit_due_at), lead_days)
    command = PublishNotice(timetable=table, earliest_start_on=earliest.on, bounds=bounds)
    style = repository.terms_of(row).priority
    await priority.require_told(
        session, offering_id=row.offering_id, at=at, has_style=style is not PriorityStyle.NONE
    )
    await reauctions.check_notice(session, await offerings.lock(session, row.offering_id), at)
    await decide(session, clock, row, command, at)
    await registrations.open_window(
        session,
        clock,
        offering_id=row.offering_id,
        opens_at=table.registration_opens_at,
        ends_at=table.registration_closes_at,
        deposit_amount_minor=repository.terms_of(row).deposit_minor,
        deposit_due_at=table.deposit_due_at,
        joint_allowed=repository.terms_of(row).joint_allowed,
        late_minutes=repository.terms_of(row).late_minutes,
    )
    await require_allocated(session, row.offering_id)
    offering = await offerings.lock(session, row.offering_id)
    await noticing.publish(session, clock, actor=actor, row=row, offering=offering)
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
    bounds = await _bounds(session, offering)
    asked = competition.terms_of_competition(
        ask_minor=fen(required.amount),
        deposit_minor=fen(required.deposit_amount),
        auction=bounds.auction,
    )
    starts_on = await add_working_days(session, market_date(at), 1)
    table = competition.timetable_of_competition(
        registration_opens_at=required.registration_opens_at,
        registration_closes_at=required.registration_ends_at,
        deposit_due_at=required.deposit_due_at,
        starts_on=starts_on.on,
        auction=bounds.auction,
    )
    row = _draft(offering, asked, origin="listed", entered_by=required.entered_by, at=at)
    row.number = await next_number(session, NUMBER_PREFIX, at)
    await repository.add(session, row)
    await decide(session, clock, row, CallCompetition(timetable=table, bounds=bounds), at)
    await registrations.draw_codes(session, offering_id=offering.id)
    return row


async def mark_ready(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, by_session: bool = False
) -> AuctionRow:
    """Finance has reconciled the deposits: what is held counts, and the bidder codes are drawn."""
    row = await repository.lock_in_region(session, auction_id, actor.region_prefix)
    check_alone(await session_of(session, row.id), by_session=by_session)
    at = await clock.read(session)
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id))
    # The codes of holders of first refusal are part of what is decided. Should it be refused, no code was drawn.
    await registrations.draw_codes(session, offering_id=row.offering_id)
    await decide(session, clock, row, MarkReady(holders=await _holders(session, row)), at, judging=True)
    offering = await offerings.lock(session, row.offering_id)
    row.days = await _days_of_sale(session, row, (await _bounds(session, offering)).auction)
    await registrations.settle_payments(session, row.offering_id, at)
    return row


async def _holders(session: AsyncSession, row: AuctionRow) -> tuple[Holder, ...]:
    """The holders of first refusal who take part, where the terms let them use their right."""
    if repository.terms_of(row).priority is PriorityStyle.NONE:
        return ()
    ranks = await priority_holders.ranks_of_codes(session, row.offering_id)
    return tuple(Holder(code=code, rank=rank) for code, rank in ranks.items())


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


async def _days_of_sale(session: AsyncSession, row: AuctionRow, auction: AuctionParameters) -> list[str]:
    """The openings of the working days after the start, where the notice says that the sale adjourns."""
    day = repository.terms_of(row).day
    if day is None or row.starts_at is None:
        return []
    opens, on = time.fromisoformat(day.starts_local), market_date(row.starts_at)
    found = [
        (await add_working_days(session, on, count)).on
        for count in range(1, auction.adjournments_max.value + 1)
    ]
    return [wire(at_local(one, opens)) for one in found]


def _pin(row: AuctionRow, asked: Terms, terms: TermsIn, bounds: Bounds) -> tuple[int, bytes] | None:
    """Write checked terms into a draft. A secret reserve leaves only its commitment there; returned is what to keep."""
    reserve_minor = fen(terms.reserve_price) if terms.reserve_price is not None else None
    check_terms(replace(asked, reserve_minor=reserve_minor), bounds)
    kept = None
    if reserve_minor is not None and terms.reserve_secret:
        salt = secrets.token_bytes(16)
        sealed = commitment(salt, {"reserve_minor": reserve_minor})
        asked, kept = replace(asked, reserve_commitment=sealed), (reserve_minor, salt)
    else:
        asked = replace(asked, reserve_minor=reserve_minor)
    row.terms = repository.stored_terms(asked)
    return kept


async def _bounds(session: AsyncSession, offering: OfferingRow) -> Bounds:
    """Those of the rule profile that the offering has pinned."""
    profile = await offerings.profile_of(session, offering)
    return Bounds(auction=profile.auction, deposit_bp=profile.deposit_bp)


def _terms(asked: TermsIn, *, notice_days_min: int, bounds: Bounds) -> Terms:
    price = asked.price
    return Terms(
        start_price_minor=fen(asked.start_price),
        ladder=Ladder(
            steps=tuple(
                Step(from_minor=fen(step.from_price), increment_minor=fen(step.increment))
                for step in asked.ladder
            )
        ),
        deposit_minor=fen(asked.deposit),
        notice_days_min=notice_days_min,
        price=Price(
            kind=price.kind,
            royalty_bp=price.royalty_bp,
            entry_fee_minor=fen(price.entry_fee) if price.entry_fee is not None else None,
            years=price.years,
        ),
        day=Day(**asked.day.model_dump()) if asked.day else None,
        proxy_allowed=asked.proxy_allowed and asked.format is Format.ASCENDING,
        sealed=SealedTerms(**vars(asked.sealed)) if asked.sealed else None,
        **competition.set_by_the_market(bounds.auction),
        **{name: getattr(asked, name) for name in _TAKEN_OVER},
    )


_TAKEN_OVER: Final = (
    "free_seconds",
    "window_seconds",
    "session_profile",
    "format",
    "close",
    "extensions_max",
    "jump_cap_bp",
    "jump_confirm_steps",
    "jump_confirm_bp",
    "call_seconds",
    "priority",
    "priority_seconds",
    "joint_allowed",
    "late_minutes",
    "rounds_max",
)
