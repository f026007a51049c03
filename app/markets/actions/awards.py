"""The one door through which every path awards an offering, and how its sale ends.

An award locks the offering, so two of them are never decided at once; it ends the other registrations and returns
their deposits in the same commit when the capacity is used up.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.numbers import next_number
from app.events import outbox
from app.kit.money import fen, yuan
from app.markets import drafts, repository, rules
from app.markets.award import LUMP_SUM, Award, AwardRule, PriceForm
from app.markets.events import CompetitionRequired, OfferingAwarded, OfferingClosed, PriceTold
from app.markets.listed import repository as listings
from app.markets.profiles import ProfileCode
from app.markets.registrations import actions as registrations
from app.markets.registrations import repository as registrants
from app.markets.registrations.repository import Buyer
from app.markets.registrations.tables import RegistrationRow
from app.markets.states import MACHINE, Mode, OfferingStatus, Path, SubjectKind
from app.markets.tables import AwardRow, OfferingRow

_S = OfferingStatus


async def award(
    session: AsyncSession,
    clock: Clock,
    *,
    offering_id: UUID,
    buyer_party_id: UUID,
    amount_minor: int,
    rule: AwardRule,
    registration_id: UUID | None = None,
    price: PriceForm = LUMP_SUM,
    locked: OfferingRow | None = None,
    buyers: Sequence[Buyer] | None = None,
) -> Award:
    """Award an offering to a buyer for so many fen in all, by a rule. The door of every path.

    price: what comes beside the fixed sum. locked: the offering, and buyers: of the registration, where the caller has
    locked and read them already.

    Locks the offering, checks capacity, state and buyer, marks the winning registration, and closes the sale when its
    capacity is used up: the other registrations end and their deposits are released in the same commit. Raises
    `CapacityUsedUp`, `OfferingNotOpen`, `AlreadyAwarded`, `BuyerIsSeller`.
    """
    row = locked or await repository.lock(session, offering_id)
    at = await clock.read(session)
    sold = await repository.sold_of(session, row)
    rules.check_award(sold.sale, buyer_party_id)
    ends = rules.used_up(sold.sale)
    # A sale that ends with this award ends for all who are registered: they are locked together.
    live = await registrations.settle_payments(session, row.id, at) if ends else None
    if registration_id is not None:
        await registrations.win(
            session, registration_id=registration_id, offering_id=row.id, at=at, live=live or ()
        )
        if buyers is None:
            buyers = await registrants.buyers_of(session, registration_id)
    made = repository.add_award(
        session,
        row,
        position=sold.last_position + 1,
        buyer_party_id=buyer_party_id,
        registration_id=registration_id,
        amount_minor=amount_minor,
        rule=rule,
        at=at,
        price=price,
    )
    co_buyers = tuple(one.party_id for one in buyers or () if one.party_id != buyer_party_id)
    await outbox.record(session, _awarded(row, made, sold.subject_ids, co_buyers))
    row.public_amount_minor = rules.public_amount(
        Path(row.path), ProfileCode(row.profile_code) if row.profile_code else None, amount_minor
    )
    if ends:
        await close_offering(session, clock, row, _S.AWARDED, at, reason=None, live=live)
    await session.flush()
    return _value(made)


async def fail(session: AsyncSession, clock: Clock, *, offering_id: UUID, reason: str) -> OfferingRow:
    """End a sale that found no (further) buyer: failed, or awarded where somebody already has one.

    Ends the registrations and releases the deposits. Raises `illegal_transition` unless the offering is open.
    """
    row = await repository.lock(session, offering_id)
    at = await clock.read(session)
    await close_offering(session, clock, row, rules.close_status(row.awards_count), at, reason=reason)
    return row


async def call_competition(session: AsyncSession, clock: Clock, *, offering_id: UUID) -> OfferingRow:
    """Hand a listed sale with rivals to the auction room: it bids on the same registrations and calls down."""
    row = await repository.lock(session, offering_id)
    at = await clock.read(session)
    assert row.ask_minor is not None and row.profile_code is not None and row.profile_version is not None
    assert row.registration_opens_at is not None and row.registration_ends_at is not None
    assert row.deposit_due_at is not None
    row.with_auction = True
    await outbox.record(
        session,
        CompetitionRequired(
            subject_id=row.id,
            at=at,
            offering_id=row.id,
            offering_number=row.number,
            title=row.title,
            seller_party_id=row.seller_party_id,
            region_code=row.region_code,
            entered_by=row.entered_by,
            amount=yuan(row.ask_minor),
            deposit_amount=yuan(row.deposit_minor or 0),
            registration_opens_at=row.registration_opens_at,
            registration_ends_at=row.registration_ends_at,
            deposit_due_at=row.deposit_due_at,
            profile_code=row.profile_code,
            profile_version=row.profile_version,
        ),
    )
    return row


async def award_demand(
    session: AsyncSession,
    clock: Clock,
    *,
    demand_id: UUID,
    title: str,
    seller_party_id: UUID,
    buyer_party_id: UUID,
    amount: str,
    mode: Mode,
    term_months: int | None,
    region_code: str,
    entered_by: UUID,
) -> Award:
    """A demand's poster chose a solution: an offering of that work and its award, in one commit.

    It was never on the public market, and no seller's profile binds it: work to be done moves no right.
    """
    at = await clock.read(session)
    row = OfferingRow(
        number=await next_number(session, "JY", at),
        title=title,
        seller_party_id=seller_party_id,
        holder_party_id=seller_party_id,
        status=MACHINE.initial,
        subject_kind=SubjectKind.DEMAND,
        path=Path.NEGOTIATED,
        mode=mode,
        territory=drafts.TERRITORY,
        term_months=term_months,
        capacity=1,
        region_code=region_code,
        entered_by=entered_by,
        sorted_at=at,
    )
    await repository.add(session, row, drafts.demand_rows(demand_id))
    MACHINE.advance(row, _S.OPEN)
    return await award(
        session,
        clock,
        offering_id=row.id,
        buyer_party_id=buyer_party_id,
        amount_minor=fen(amount),
        rule=AwardRule.DEMAND_CHOICE,
    )


async def close_offering(
    session: AsyncSession,
    clock: Clock,
    row: OfferingRow,
    to: OfferingStatus,
    at: datetime,
    *,
    reason: str | None,
    live: Sequence[RegistrationRow] | None = None,
) -> None:
    """Take a locked offering off the market: its registrations end, their deposits are released, the public is told.

    live: its registrations, where the caller has locked them and taken their deposits into account.
    """
    MACHINE.advance(row, to)
    row.closed_at, row.close_reason, row.with_auction = at, reason, False
    if live is None:
        await session.flush()
    if row.path == Path.LISTED:
        await listings.follow(session, offering_id=row.id, status=to, at=at)
    if live is None:
        live = await registrations.settle_payments(session, row.id, at)
    await registrations.conclude(session, clock, live=live, at=at)
    if row.opened_at is not None:
        await outbox.record(session, closed(row, at))


def closed(row: OfferingRow, at: datetime) -> OfferingClosed:
    """The event of an offering that has left the market."""
    public = row.public_amount_minor
    return OfferingClosed(
        subject_id=row.id,
        at=at,
        parties=(row.seller_party_id,),
        offering_number=row.number,
        title=row.title,
        path=Path(row.path),
        outcome=row.status,
        awards=row.awards_count,
        amount=yuan(public) if public is not None else None,
        reason=row.close_reason,
    )


def _awarded(
    row: OfferingRow, made: AwardRow, subject_ids: Sequence[UUID], co_buyers: tuple[UUID, ...]
) -> OfferingAwarded:
    return OfferingAwarded(
        subject_id=row.id,
        at=made.awarded_at,
        parties=(made.seller_party_id, made.buyer_party_id, *co_buyers),
        award_id=made.id,
        offering_id=row.id,
        offering_number=row.number,
        title=row.title,
        path=Path(row.path),
        mode=Mode(row.mode),
        rule=AwardRule(made.rule),
        seller_party_id=made.seller_party_id,
        buyer_party_id=made.buyer_party_id,
        co_buyer_party_ids=co_buyers,
        registration_id=made.registration_id,
        amount=yuan(made.amount_minor),
        price=PriceTold.of(PriceForm(**made.price)),
        subject_kind=SubjectKind(row.subject_kind),
        subject_ids=tuple(subject_ids),
        region_code=row.region_code,
        entered_by=row.entered_by,
    )


def _value(made: AwardRow) -> Award:
    return Award(
        award_id=made.id,
        offering_id=made.offering_id,
        seller_party_id=made.seller_party_id,
        buyer_party_id=made.buyer_party_id,
        registration_id=made.registration_id,
        amount_minor=made.amount_minor,
        rule=AwardRule(made.rule),
        awarded_at=made.awarded_at,
        price=PriceForm(**made.price),
    )
