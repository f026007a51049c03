"""Into a session: registration with units, qualification, the paddle at the door, mandates from signed forms."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions import repository as sales
from app.auctions.sessions import repository, rules
from app.auctions.sessions.errors import (
    AlreadyInSession,
    MandateRefused,
    PaddlesUsedUp,
    SessionRegistrationRefused,
    SessionStage,
)
from app.auctions.sessions.events import (
    MandateEntered,
    PaddleExchanged,
    PaddleHandedOut,
    SessionQualified,
    SessionRegistered,
)
from app.auctions.sessions.schemas import MandateIn, PaddleExchangeIn, SessionRegistrationIn
from app.auctions.sessions.states import SessionStatus
from app.auctions.sessions.tables import PaddleExchangeRow, SaleSessionRow, SessionRegistrationRow
from app.auctions.tables import AuctionRow, ProxyRow, ProxySource
from app.db.clock import Clock
from app.db.numbers import random_number
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.identity.states import ReviewStatus
from app.kit.errors import NotFound
from app.kit.money import fen, yuan
from app.markets import repository as offerings
from app.markets.registrations import actions as registrations
from app.markets.registrations import repository as registrants
from app.markets.registrations import rules as qualification
from app.markets.registrations.schemas import QualificationIn, RegistrationIn
from app.markets.registrations.states import LIVE, RegistrationStatus
from app.settlement import actions as settlement
from app.settlement.queries import deposits_of


async def register(
    session: AsyncSession, clock: Clock, *, actor: Actor, session_id: UUID, body: SessionRegistrationIn
) -> SessionRegistrationRow:
    """Register the actor's party for a session and for its lots, and ask for its units' deposit at once.

    Each lot judges for itself: its window, and that nobody registers for his own. Without `lot_nos`: all but one's own.
    """
    row = await repository.lock(session, session_id)
    if row.status == SessionStatus.DRAFT:
        raise NotFound()
    before = await repository.registration_of(session, row.id, actor.party_id)
    if before is not None:
        raise AlreadyInSession(session_registration_id=str(before.id))
    rules.check_units(body.units, unit_minor=row.unit_minor, units_max=row.units_max)
    lots = _wanted(await repository.lots_of(session, row.id), actor, body.lot_nos)
    at = await clock.read(session)
    made = await repository.add_registration(
        session,
        SessionRegistrationRow(
            number=random_number("ZB", at),
            session_id=row.id,
            buyer_party_id=actor.party_id,
            units=body.units,
            agent_name=body.agent_name,
            agent_phone=body.agent_phone,
            note=body.note,
            region_code=row.region_code,
            entered_by=actor.user_id,
        ),
    )
    form = RegistrationIn(agent_name=body.agent_name, agent_phone=body.agent_phone, note=body.note)
    for lot in lots:
        await registrations.register(session, clock, actor=actor, offering_id=lot.offering_id, body=form)
    deposit = body.units * (row.unit_minor or 0)
    assert row.deposit_due_at is not None
    if deposit:
        await settlement.open_deposit(
            session,
            clock,
            registration_id=made.id,
            party_id=actor.party_id,
            amount_minor=deposit,
            due_at=row.deposit_due_at,
        )
    await outbox.record(
        session,
        SessionRegistered(
            subject_id=made.id,
            at=at,
            parties=(actor.party_id,),
            registration_number=made.number,
            session_id=row.id,
            session_number=row.number,
            name=row.name,
            units=made.units,
            deposit_amount=yuan(deposit),
            deposit_due_at=row.deposit_due_at,
        ),
    )
    return made


def _wanted(
    lots: Sequence[tuple[int, AuctionRow]], actor: Actor, lot_nos: Sequence[int] | None
) -> list[AuctionRow]:
    if lot_nos is None:
        found = [lot for _, lot in lots if not actor.belongs_to(lot.seller_party_id)]
    else:
        found = [lot for lot_no, lot in lots if lot_no in lot_nos]
    if not found or (lot_nos is not None and len(found) < len(set(lot_nos))):
        raise SessionRegistrationRefused(field="/body/lot_nos")
    return found


async def decide_registration(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    registration_id: UUID,
    expected: int,
    body: QualificationIn,
) -> SessionRegistrationRow:
    """Decide on a party for a session and for all of its lots that nobody has decided on. Who fails is paid back."""
    row, made = await _locked(session, actor, registration_id, expected)
    lots = await repository.lots_of(session, row.id)
    at = await clock.read(session)
    qualification.check_decision(
        RegistrationStatus.REGISTERED if made.passed is None else RegistrationStatus.QUALIFIED,
        passed=body.passed,
        buyer_status=ReviewStatus(await registrants.party_status(session, made.buyer_party_id)),
        clerk_parties={actor.party_id, *actor.parties},
        concerned=(made.buyer_party_id, *(lot.seller_party_id for _, lot in lots)),
    )
    made.passed, made.decided_by, made.decided_at = body.passed, actor.user_id, at
    made.decision_reason = body.reason
    for one in await repository.lot_registrations(session, row.id, [made.buyer_party_id]):
        if one.passed is None and one.status in (
            RegistrationStatus.REGISTERED,
            RegistrationStatus.QUALIFYING,
        ):
            await registrations.decide(
                session, clock, actor=actor, registration_id=one.id, expected=one.version, body=body
            )
    await session.flush()
    if not body.passed:
        made.released_at = at
        await settlement.release(
            session, clock, reference_ids=[made.id], reason="资格审查未通过，退还专场保证金"
        )
    await outbox.record(
        session,
        SessionQualified(
            subject_id=made.id,
            at=at,
            parties=(made.buyer_party_id,),
            registration_number=made.number,
            session_id=row.id,
            passed=body.passed,
            reason=body.reason,
        ),
    )
    await session.flush()
    return made


async def _locked(
    session: AsyncSession, actor: Actor, registration_id: UUID, expected: int, *, everywhere: bool = False
) -> tuple[SaleSessionRow, SessionRegistrationRow]:
    """A session of the actor's region (or `everywhere`), and one registration for it, locked in this order."""
    found = await repository.find_registration(session, registration_id)
    if found is None:
        raise NotFound()
    row = await repository.lock(session, found.session_id, "" if everywhere else actor.region_prefix)
    made = await repository.lock_registration(session, registration_id)
    check_version(made.version, expected)
    return row, made


async def leave(
    session: AsyncSession, clock: Clock, *, actor: Actor, registration_id: UUID, expected: int
) -> SessionRegistrationRow:
    """Take one's own registration back within the window, lots included; the deposit is returned in the same commit."""
    found = await repository.find_registration(session, registration_id)
    if found is None or found.buyer_party_id != actor.party_id:
        raise NotFound()
    row, made = await _locked(session, actor, registration_id, expected, everywhere=True)
    for one in await repository.lot_registrations(session, row.id, [made.buyer_party_id]):
        if one.status in LIVE:
            await registrations.leave(
                session, clock, actor=actor, registration_id=one.id, expected=one.version
            )
    if made.released_at is not None or row.status != SessionStatus.NOTICED:
        raise SessionStage(status_now=row.status)
    made.released_at = await clock.read(session)
    await session.flush()
    reason = "报名人在期限内退出专场，退还保证金"
    await settlement.release(session, clock, reference_ids=[made.id], reason=reason)
    return made


async def deposit_held(session: AsyncSession, clock: Clock, *, registration_id: UUID) -> None:
    """Take a session's deposit into account that has arrived. A reference that is no session's is somebody else's."""
    found = await repository.find_registration(session, registration_id)
    if found is None:
        return
    made = await repository.lock_registration(session, registration_id)
    await _note_payments(session, clock, [made])


async def _note_payments(session: AsyncSession, clock: Clock, rows: Sequence[SessionRegistrationRow]) -> None:
    """Take into account what settlement holds, whether its event has been handled yet or not."""
    at = await clock.read(session)
    deposits = await deposits_of(session, [one.id for one in rows])
    for one in rows:
        deposit = deposits.get(one.id)
        if one.held_at is None and deposit is not None and deposit.held:
            one.held_at = at
    await session.flush()


async def draw_paddles(
    session: AsyncSession, clock: Clock, row: SaleSessionRow, lots: Sequence[tuple[int, AuctionRow]]
) -> None:
    """Draw a paddle number for everybody who was let in, at random and once; in a hall it is his code on every lot.

    Neither the order of registration nor the count shows in it. Raises `PaddlesUsedUp`.
    """
    rows = await repository.lock_registrations(session, row.id)
    await _note_payments(session, clock, rows)
    free = await _free_paddles(session, row)
    wanted = [one for one in rows if one.passed and one.paddle_no is None and one.released_at is None]
    if len(free) < len(wanted):
        raise PaddlesUsedUp(paddles=row.paddle_last - row.paddle_first + 1)
    for one, number in zip(wanted, secrets.SystemRandom().sample(free, len(wanted)), strict=True):
        one.paddle_no = number
    await session.flush()
    if row.profile != "hall":
        return
    codes = {one.buyer_party_id: str(one.paddle_no) for one in rows if one.paddle_no is not None}
    for _, lot in lots:
        await offerings.lock(session, lot.offering_id)
        await registrants.give_codes(session, lot.offering_id, codes)


async def _free_paddles(session: AsyncSession, row: SaleSessionRow) -> list[int]:
    taken = await repository.taken_paddles(session, row.id)
    return [number for number in range(row.paddle_first, row.paddle_last + 1) if number not in taken]


async def hand_out_paddle(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    registration_id: UUID,
    expected: int,
) -> SessionRegistrationRow:
    """Hand the drawn paddle out at the door. Who did it, and when, is kept."""
    row, made = await _locked(session, actor, registration_id, expected)
    at = await clock.read(session)
    if made.paddle_no is None or row.status == SessionStatus.ENDED or made.handed_out_at is not None:
        raise SessionStage(status_now=row.status)
    made.handed_out_at, made.handed_out_by = at, actor.user_id
    await session.flush()
    await outbox.record(
        session,
        PaddleHandedOut(
            subject_id=made.id,
            at=at,
            parties=(made.buyer_party_id,),
            registration_number=made.number,
            session_id=row.id,
            paddle_no=made.paddle_no,
        ),
    )
    return made


async def exchange_paddle(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    registration_id: UUID,
    expected: int,
    body: PaddleExchangeIn,
) -> SessionRegistrationRow:
    """Give a bidder another paddle for one that was lost. The old number is void; his code on every lot stays.

    Raises `SessionStage` where none was handed out or the session is over, and `PaddlesUsedUp`.
    """
    row, made = await _locked(session, actor, registration_id, expected)
    at = await clock.read(session)
    if made.paddle_no is None or made.handed_out_at is None or row.status == SessionStatus.ENDED:
        raise SessionStage(status_now=row.status)
    free = await _free_paddles(session, row)
    if not free:
        raise PaddlesUsedUp(paddles=row.paddle_last - row.paddle_first + 1)
    old_no, made.paddle_no = made.paddle_no, secrets.choice(free)
    made.handed_out_at, made.handed_out_by = at, actor.user_id
    await session.flush()
    await repository.add_exchange(
        session,
        PaddleExchangeRow(
            session_id=row.id,
            old_no=old_no,
            new_no=made.paddle_no,
            session_registration_id=made.id,
            reason=body.reason,
            exchanged_at=at,
            exchanged_by=actor.user_id,
        ),
    )
    await outbox.record(
        session,
        PaddleExchanged(
            subject_id=made.id,
            at=at,
            parties=(made.buyer_party_id,),
            registration_number=made.number,
            session_id=row.id,
            old_no=old_no,
            paddle_no=made.paddle_no,
            reason=body.reason,
        ),
    )
    return made


async def enter_mandate(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, body: MandateIn
) -> tuple[ProxyRow, int]:
    """Enter an absent bidder's maximum from a signed form; the proxy, and the lot's number. House rule (practice 1.1).

    The clerk belongs to no party of this sale, and from now on does not bid in this session.
    """
    lot = await sales.lock_announced(session, auction_id)
    found = await repository.session_of(session, auction_id)
    made = await repository.find_registration(session, body.session_registration_id)
    if found is None or made is None or made.session_id != found[0].id:
        raise MandateRefused(field="/body/session_registration_id")
    row, lot_no = found
    if actor.belongs_to(made.buyer_party_id, lot.seller_party_id) or row.auctioneer_id == actor.user_id:
        raise MandateRefused()
    bidder = await sales.bidder_for(session, lot, made.buyer_party_id)
    proxy = await auctions.leave_maximum(
        session,
        clock,
        row=lot,
        bidder=bidder,
        max_minor=fen(body.maximum),
        placed_by=actor.user_id,
        source=ProxySource(body.source),
        document_no=body.document_no,
    )
    await outbox.record(
        session,
        MandateEntered(
            subject_id=lot.id,
            at=proxy.made_at,
            parties=(made.buyer_party_id,),
            session_id=row.id,
            lot_no=lot_no,
            source=body.source,
            document_no=body.document_no,
        ),
    )
    return proxy, lot_no
