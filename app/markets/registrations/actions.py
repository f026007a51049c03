"""What can be done to registrations. The offering's row is locked first wherever its window or its end decides."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.heartbeat import outages_after, read_pulse
from app.db.numbers import random_number
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.errors import Busy, NotFound
from app.kit.money import fen, yuan
from app.markets import repository as offerings
from app.markets.events import OfferingOpened, RegistrationQualified
from app.markets.fairness import touched
from app.markets.registrations import repository, rules
from app.markets.registrations.agents import actions as agents
from app.markets.registrations.agents.states import Cause
from app.markets.registrations.events import (
    concluded_event,
    decided_event,
    qualified_event,
    registered_event,
)
from app.markets.registrations.joint import actions as joint
from app.markets.registrations.joint import repository as members
from app.markets.registrations.schemas import QualificationIn, RegistrationIn
from app.markets.registrations.states import LIVE, MACHINE, RegistrationStatus
from app.markets.registrations.tables import RegistrationRow
from app.markets.states import MACHINE as OFFERING
from app.markets.states import Mode, OfferingStatus, Path
from app.markets.tables import OfferingRow
from app.settlement import actions as settlement

REASON_OVER = "交易结束，退还保证金"


async def open_window(
    session: AsyncSession,
    clock: Clock,
    *,
    offering_id: UUID,
    opens_at: datetime,
    ends_at: datetime,
    deposit_amount_minor: int,
    deposit_due_at: datetime,
    joint_allowed: bool = False,
    late_minutes: int = 0,
) -> OfferingRow:
    """Bring a reviewed offering to market with a registration window. `deposit_amount_minor` in fen, 0 for none.

    Called by the path that sells it: listed at publication, auctions at notice. Raises `illegal_transition` unless the
    offering is approved.
    """
    row = await offerings.lock(session, offering_id)
    at = await clock.read(session)
    OFFERING.advance(row, OfferingStatus.OPEN)
    row.opened_at = row.sorted_at = at
    row.registration_opens_at, row.registration_ends_at = opens_at, ends_at
    row.deposit_minor, row.deposit_due_at = deposit_amount_minor, deposit_due_at
    row.joint_allowed, row.late_minutes = joint_allowed, late_minutes
    row.with_auction = row.path == Path.AUCTION
    await outbox.record(session, opened(row, at))
    return row


async def move_window(
    session: AsyncSession,
    clock: Clock,
    *,
    offering_id: UUID,
    opens_at: datetime,
    ends_at: datetime,
    deposit_due_at: datetime,
) -> OfferingRow:
    """Give a sale that was interrupted or held up its window back, later; deposits still to come are due with it."""
    row = await offerings.lock(session, offering_id)
    row.registration_paused_at = None
    row.registration_opens_at, row.registration_ends_at = opens_at, ends_at
    row.deposit_due_at = deposit_due_at
    rows = await repository.lock_live(session, offering_id)
    await session.flush()
    await settlement.postpone(session, clock, reference_ids=[one.id for one in rows], due_at=deposit_due_at)
    return row


async def pause_window(session: AsyncSession, *, offering_id: UUID, at: datetime) -> None:
    """Take no registrations until `move_window`: the sale is suspended."""
    row = await offerings.lock(session, offering_id)
    row.registration_paused_at = at
    await session.flush()


async def note_outage(session: AsyncSession, *, offering_id: UUID, outage_no: int) -> None:
    """The sale was judged by every outage up to this one: from here on the window that stands is the one that counts."""
    row = await offerings.lock(session, offering_id)
    row.outage_no = max(row.outage_no, outage_no)
    await session.flush()


def opened(row: OfferingRow, at: datetime) -> OfferingOpened:
    """The event of an offering that came to market."""
    return OfferingOpened(
        subject_id=row.id,
        at=at,
        parties=(row.seller_party_id,),
        offering_number=row.number,
        title=row.title,
        path=Path(row.path),
        mode=Mode(row.mode),
        seller_party_id=row.seller_party_id,
        ask_amount=yuan(row.ask_minor) if row.ask_minor is not None else None,
        registration_opens_at=row.registration_opens_at,
        registration_ends_at=row.registration_ends_at,
        deposit_due_at=row.deposit_due_at,
    )


async def register(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, body: RegistrationIn
) -> RegistrationRow:
    """Register the actor's party for an offering, and ask for its deposit at once where there is one."""
    offering = await offerings.lock_seen(session, offering_id)
    at = await clock.read(session)
    before = await repository.existing(session, offering_id, actor.party_id)
    elsewhere = await members.taken(session, offering_id, {actor.party_id})
    quote = fen(body.quote_amount) if body.quote_amount is not None else None
    await _await_judgement(session, offering, at)
    rules.check_registration(
        repository.window_of(offering),
        buyer_party_id=actor.party_id,
        existing_id=before.id if before else None,
        joined=before is None and bool(elsewhere),
        quote_minor=quote,
        at=at,
        related=actor.serves_exchange or actor.belongs_to(offering.seller_party_id, offering.holder_party_id),
        barred=await offerings.defaulted_on_lot(session, offering, actor.party_id),
    )
    shares = None
    if body.joint is not None:
        shares = await joint.check(session, offering, lead_party_id=actor.party_id, asked=body.joint)
    deposit = offering.deposit_minor or 0
    row = _registration(offering, actor, body, at)
    _pass(row, () if rules.first_status(deposit) is MACHINE.initial else (rules.first_status(deposit),))
    await repository.add(session, row)
    if shares is not None:
        await joint.enter(session, actor=actor, row=row, shares=shares, at=at)
    if body.agent is not None:
        await agents.appoint(
            session,
            actor=actor,
            registration=row,
            asked=body.agent,
            cause=Cause.NAMED,
            note=None,
            at=at,
        )
    if deposit:
        assert offering.deposit_due_at is not None
        await settlement.open_deposit(
            session,
            clock,
            registration_id=row.id,
            party_id=actor.party_id,
            amount_minor=deposit,
            due_at=offering.deposit_due_at,
        )
    await outbox.record(session, registered_event(row, offering, at))
    return row


def _registration(offering: OfferingRow, actor: Actor, body: RegistrationIn, at: datetime) -> RegistrationRow:
    return RegistrationRow(
        number=random_number("BM", at),
        offering_id=offering.id,
        buyer_party_id=actor.party_id,
        status=MACHINE.initial,
        agent_name=body.agent_name,
        agent_phone=body.agent_phone,
        note=body.note,
        quote_minor=fen(body.quote_amount) if body.quote_amount is not None else None,
        deposit_minor=offering.deposit_minor or 0,
        region_code=offering.region_code,
        entered_by=actor.user_id,
    )


async def decide(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    registration_id: UUID,
    expected: int,
    body: QualificationIn,
) -> RegistrationRow:
    """Decide on a registration by the published conditions. Who fails gets the deposit back in the same commit."""
    offering, row = await _locked(session, registration_id, actor.region_prefix)
    check_version(row.version, expected)
    at = await clock.read(session)
    rules.check_decision(
        RegistrationStatus(row.status),
        passed=body.passed,
        buyer_status=await joint.reviewed(session, row),
        clerk_parties={actor.party_id, *actor.parties},
        concerned=(row.buyer_party_id, offering.seller_party_id, offering.holder_party_id),
    )
    if body.passed:
        await joint.require_consents(session, row)
    await _note_payment(session, [row], at)
    row.passed, row.decided_by, row.decided_at, row.decision_reason = (
        body.passed,
        actor.user_id,
        at,
        body.reason,
    )
    _pass(
        row,
        rules.decided_steps(RegistrationStatus(row.status), passed=body.passed, paid=_paid(row)),
    )
    await repository.note_read(
        session, user_id=actor.user_id, offering_id=offering.id, registration_ids=[row.id]
    )
    if not body.passed:
        row.concluded_at = at
        await session.flush()
        await members.free(session, row.id, at)
        await settlement.release(session, clock, reference_ids=[row.id], reason="资格审查未通过，退还保证金")
    await outbox.record(session, *decided_event(row, at))
    return row


async def deposit_held(session: AsyncSession, clock: Clock, *, registration_id: UUID) -> None:
    """Move a registration on whose deposit has arrived. A reference that is no registration is somebody else's."""
    if await repository.offering_of(session, registration_id) is None:
        return
    row = await repository.lock(session, registration_id)
    at = await clock.read(session)
    await outbox.record(session, *await _note_payment(session, [row], at))


async def leave(
    session: AsyncSession, clock: Clock, *, actor: Actor, registration_id: UUID, expected: int
) -> RegistrationRow:
    """Take a registration back within the window; the deposit is returned in the same commit."""
    offering, row = await _locked(session, registration_id)
    if row.buyer_party_id != actor.party_id:
        raise NotFound()
    check_version(row.version, expected)
    at = await clock.read(session)
    rules.check_leave(repository.window_of(offering), at)
    MACHINE.advance(row, RegistrationStatus.WAIVED)
    row.concluded_at = at
    await session.flush()
    await members.free(session, row.id, at)
    await settlement.release(session, clock, reference_ids=[row.id], reason="报名人在期限内退出，退还保证金")
    await outbox.record(session, concluded_event(row, at))
    return row


async def draw_codes(
    session: AsyncSession, *, offering_id: UUID, order: Sequence[UUID] | None = None
) -> dict[UUID, str]:
    """Draw the bidder codes of an offering's registrations, at random and once: a code that is drawn stays.

    order: the registrations that get one, all that count unless given. Returns registration -> code, those drawn
    before included.
    """
    await offerings.lock(session, offering_id)
    rows = await repository.lock_live(session, offering_id)
    wanted = [row for row in rows if order is None or row.id in set(order)]
    taken = {row.bidder_code for row in rows if row.bidder_code}
    # More numbers than needed, in random order, without those that are taken.
    numbers = secrets.SystemRandom().sample(range(rules.CODES), len(wanted) + len(taken))
    free = [number for number in numbers if rules.code(number) not in taken]
    drawn = rules.assign_codes([row.id for row in wanted if row.bidder_code is None], free)
    for row in wanted:
        row.bidder_code = row.bidder_code or drawn[row.id]
    await session.flush()
    return {row.id: row.bidder_code for row in wanted if row.bidder_code is not None}


async def settle_payments(
    session: AsyncSession, offering_id: UUID, at: datetime
) -> Sequence[RegistrationRow]:
    """The live registrations of a locked offering, locked, with every deposit that is held taken into account."""
    rows = await repository.lock_live(session, offering_id)
    await outbox.record(session, *await _note_payment(session, rows, at))
    return rows


async def win(
    session: AsyncSession,
    *,
    registration_id: UUID,
    offering_id: UUID,
    at: datetime,
    live: Sequence[RegistrationRow] = (),
) -> RegistrationRow:
    """Mark the winner. Raises `illegal_transition` unless it is qualified, `NotFound` for another sale's.

    live: registrations that `settle_payments` has given; one of them is not locked and read once more.
    """
    row = next((one for one in live if one.id == registration_id), None)
    if row is None:
        row = await repository.lock(session, registration_id)
        if row.offering_id != offering_id:
            raise NotFound()
        await _note_payment(session, [row], at)
    MACHINE.advance(row, RegistrationStatus.WINNER)
    row.concluded_at = at
    await outbox.record(session, concluded_event(row, at))
    return row


async def default(session: AsyncSession, *, registration_id: UUID, at: datetime) -> RegistrationRow:
    """Mark a winner who did not keep to it. Raises `illegal_transition` unless it has won."""
    row = await repository.lock(session, registration_id)
    MACHINE.advance(row, RegistrationStatus.DEFAULTED)
    row.concluded_at = at
    await session.flush()
    await outbox.record(session, concluded_event(row, at))
    return row


async def conclude(
    session: AsyncSession, clock: Clock, *, live: Sequence[RegistrationRow], at: datetime
) -> None:
    """End the registrations of a sale that is over, and give the deposits back. The winners' stay held.

    live: as `settle_payments` has given them; one that has won since is not among those that end.
    """
    rows = [row for row in live if row.status in LIVE]
    for row in rows:
        ending = rules.conclusion(RegistrationStatus(row.status), won=False)
        if ending is not None:
            _pass(row, (ending,))
            row.concluded_at = at
    await settlement.release(
        session, clock, reference_ids=[row.id for row in rows], reason=REASON_OVER, at=at
    )
    await outbox.record(session, *(concluded_event(row, at) for row in rows))


async def _await_judgement(session: AsyncSession, offering: OfferingRow, at: datetime) -> None:
    """Nobody is turned away by a deadline that an outage of ours may have touched: he asks again, in a moment.

    Raises `Busy` where no heartbeat has followed the deadline, or an outage that touched it has not been judged.
    """
    ends_at = offering.registration_ends_at
    if ends_at is None or not rules.is_over(repository.window_of(offering), at):
        return
    pulse = await read_pulse(session)
    window = (await offerings.profile_of(session, offering)).auction.deadline_window_seconds.value
    if pulse.covered_at < ends_at or any(
        touched(ends_at, outage, longer_than=0, window_seconds=window)
        for outage in await outages_after(session, offering.outage_no)
    ):
        raise Busy()


async def _locked(
    session: AsyncSession, registration_id: UUID, region_prefix: str = ""
) -> tuple[OfferingRow, RegistrationRow]:
    offering_id = await repository.offering_of(session, registration_id)
    if offering_id is None:
        raise NotFound()
    offering = await offerings.lock_in_region(session, offering_id, region_prefix)
    return offering, await repository.lock(session, registration_id)


async def _note_payment(
    session: AsyncSession, rows: Sequence[RegistrationRow], at: datetime
) -> list[RegistrationQualified]:
    """Take into account what settlement holds, whether its event has been handled yet or not.

    Returns the events of those that are qualified by it.
    """
    held = await repository.held(session, [row.id for row in rows])
    arrived = [row for row in rows if row.id in held and row.deposit_held_at is None]
    for row in arrived:
        row.deposit_held_at = at
        _pass(row, rules.paid_steps(RegistrationStatus(row.status)))
    if arrived:
        await session.flush()
    return [qualified_event(row, at) for row in arrived if row.status == RegistrationStatus.QUALIFIED]


def _paid(row: RegistrationRow) -> bool:
    return row.deposit_minor == 0 or row.deposit_held_at is not None


def _pass(row: RegistrationRow, steps: Sequence[RegistrationStatus]) -> None:
    for step in steps:
        MACHINE.advance(row, step)
