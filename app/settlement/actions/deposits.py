"""Deposits: opened by a registration, held by an arrival, ended once by whoever decides on the sale."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.numbers import random_number
from app.events import outbox
from app.kit.ids import new_id
from app.kit.money import yuan
from app.settlement import repository, rules
from app.settlement.errors import DepositNotFound
from app.settlement.events import (
    DepositApplied,
    DepositDivided,
    DepositEvent,
    DepositForfeited,
    DepositLapsed,
    DepositReleased,
    DepositRequired,
)
from app.settlement.repository import Entry, Payer
from app.settlement.rules import DepositFacts, Ending
from app.settlement.states import DEPOSIT, REFUND, DepositStatus, JournalKind
from app.settlement.tables import DepositRow, RefundRow

Ended = tuple[DepositRow, Payer, Ending]


async def open_deposit(
    session: AsyncSession,
    clock: Clock,
    *,
    registration_id: UUID,
    party_id: UUID,
    amount_minor: int,
    due_at: datetime,
) -> DepositRow:
    """Ask a party for a deposit. amount_minor: fen, above zero. A registration has at most one (unique)."""
    at = await clock.read(session)
    payer = (await repository.payers(session, [party_id]))[party_id]
    deposit = DepositRow(
        number=random_number("BZ", at),
        reference_id=registration_id,
        payer_party_id=party_id,
        region_code=payer.region_code,
        currency=rules.CURRENCY,
        amount_minor=amount_minor,
        due_at=due_at,
        status=DEPOSIT.initial,
    )
    session.add(deposit)
    await session.flush()
    await outbox.record(session, DepositRequired(**told(deposit, at), due_at=due_at))
    return deposit


async def release(
    session: AsyncSession,
    clock: Clock,
    *,
    reference_ids: Iterable[UUID],
    reason: str,
    entered_by: UUID | None = None,
    at: datetime | None = None,
) -> Sequence[DepositRow]:
    """Give deposits back: held ones are released and owed as refunds, unpaid ones lapse.

    References without a deposit and deposits that have ended so before are left alone, so a repeat has no effect.
    at: the market's time, where the caller has read it under the lock of the sale that ends. Raises `DepositEnded` if one
    was applied or forfeited. Returns the deposits that ended now.
    """
    ended, at = await _decide(session, clock, reference_ids, rules.release, at)
    await _end(session, ended, at, reason=reason, entered_by=entered_by)
    told_of: list[DepositEvent] = [
        (DepositReleased if deposit.status == DepositStatus.RELEASED else DepositLapsed)(
            **told(deposit, at), reason=reason
        )
        for deposit, _, _ in ended
    ]
    await outbox.record(session, *told_of)
    return [deposit for deposit, _, _ in ended]


async def lapse(
    session: AsyncSession, clock: Clock, *, reference_ids: Iterable[UUID], reason: str = "逾期未到账"
) -> Sequence[DepositRow]:
    """End the deposits whose money has not come; those that are held or have ended stay as they are.

    Called when the sale starts or finance has reconciled, never by a timer: money posted in time may be entered
    the next day (practice R2). Returns the deposits that lapsed now.
    """
    ended, at = await _decide(session, clock, reference_ids, rules.lapse)
    await _end(session, ended, at, reason=reason, entered_by=None)
    await outbox.record(
        session, *(DepositLapsed(**told(deposit, at), reason=reason) for deposit, _, _ in ended)
    )
    return [deposit for deposit, _, _ in ended]


async def apply(
    session: AsyncSession,
    clock: Clock,
    *,
    reference_id: UUID,
    to_party_id: UUID,
    contract_id: UUID,
    price_minor: int | None = None,
    entered_by: UUID | None = None,
) -> DepositRow:
    """Count the winner's deposit towards the price; what exceeds `price_minor` (fen) is owed back.

    Raises `DepositNotFound`, `DepositNotHeld` or `DepositEnded`.
    """
    deposit, payer = await _lock_one(session, reference_id)
    at = await clock.read(session)
    ending = rules.apply(repository.facts(deposit, payer), to_party_id=to_party_id, price_minor=price_minor)
    deposit.contract_id, deposit.applied_to_party_id = contract_id, to_party_id
    await _end(session, [(deposit, payer, ending)], at, reason="转为价款", entered_by=entered_by)
    refund = yuan(ending.refund_minor)
    await outbox.record(session, DepositApplied(**told(deposit, at), contract_id=contract_id, refund=refund))
    return deposit


async def divide(
    session: AsyncSession,
    clock: Clock,
    *,
    reference_id: UUID,
    into_reference_id: UUID,
    amount_minor: int,
    reason: str,
) -> DepositRow:
    """Take part of a held deposit out into a held deposit of another registration of the same payer; that deposit.

    amount_minor: fen, above zero. Raises `DepositNotFound`, `DepositNotHeld`, `DepositEnded`, `DepositTooSmall`; the
    unique reference refuses a second division into one registration.
    """
    deposit, payer = await _lock_one(session, reference_id)
    at = await clock.read(session)
    into = DepositRow(
        id=new_id(),
        number=random_number("BZ", at),
        reference_id=into_reference_id,
        payer_party_id=deposit.payer_party_id,
        region_code=deposit.region_code,
        currency=deposit.currency,
        amount_minor=amount_minor,
        due_at=deposit.due_at,
        status=DEPOSIT.initial,
        held_at=at,
    )
    lines = rules.divide(repository.facts(deposit, payer), into_id=into.id, amount_minor=amount_minor)
    DEPOSIT.advance(into, DepositStatus.HELD)
    deposit.divided_minor += amount_minor
    session.add(into)
    await session.flush()
    entry = Entry(
        kind=JournalKind.DEPOSIT_DIVIDED,
        lines=lines,
        reference_kind="deposit",
        reference_id=deposit.id,
        at=at,
        reason=reason,
    )
    await repository.post(session, [entry])
    await outbox.record(
        session,
        DepositDivided(
            **told(deposit, at),
            into_number=into.number,
            into_reference_id=into_reference_id,
            into_amount=yuan(amount_minor),
        ),
    )
    return into


async def forfeit(
    session: AsyncSession,
    clock: Clock,
    *,
    reference_id: UUID,
    decision_reference: str,
    reason: str,
    entered_by: UUID | None = None,
) -> DepositRow:
    """Take a deposit for a breach, by a decision that can be named.

    Raises `DepositNotFound`, `DepositNotHeld` or `DepositEnded`.
    """
    deposit, payer = await _lock_one(session, reference_id)
    at = await clock.read(session)
    ending = rules.forfeit(repository.facts(deposit, payer))
    deposit.decision_reference = decision_reference
    await _end(session, [(deposit, payer, ending)], at, reason=reason, entered_by=entered_by)
    await outbox.record(
        session,
        DepositForfeited(**told(deposit, at), decision_reference=decision_reference, reason=reason),
    )
    return deposit


def told(deposit: DepositRow, at: datetime) -> dict[str, Any]:
    """What every event of a deposit says. Its audience is the payer."""
    return {
        "subject_id": deposit.id,
        "at": at,
        "parties": (deposit.payer_party_id,),
        "number": deposit.number,
        "reference_id": deposit.reference_id,
        "payer_party_id": deposit.payer_party_id,
        "amount": yuan(deposit.left_minor),
        "currency": deposit.currency,
    }


async def _lock_one(session: AsyncSession, reference_id: UUID) -> tuple[DepositRow, Payer]:
    locked = await repository.lock_deposits(session, [reference_id])
    if not locked:
        raise DepositNotFound()
    payers = await repository.payers(session, [locked[0].payer_party_id])
    return locked[0], payers[locked[0].payer_party_id]


async def _decide(
    session: AsyncSession,
    clock: Clock,
    reference_ids: Iterable[UUID],
    rule: Callable[[DepositFacts], Ending | None],
    at: datetime | None = None,
) -> tuple[list[Ended], datetime]:
    """Lock the deposits, read the clock unless it was read, ask the rule for each; those that end now."""
    locked = await repository.lock_deposits(session, reference_ids)
    at = at or await clock.read(session)
    payers = await repository.payers(session, [deposit.payer_party_id for deposit in locked])
    asked = [(deposit, payers[deposit.payer_party_id]) for deposit in locked]
    endings = [(d, payer, rule(repository.facts(d, payer))) for d, payer in asked]
    return [(d, payer, ending) for d, payer, ending in endings if ending is not None], at


async def _end(
    session: AsyncSession, ended: Sequence[Ended], at: datetime, *, reason: str, entered_by: UUID | None
) -> None:
    """Move the deposits on, post their journals, note what is owed back."""
    entries = []
    for deposit, payer, ending in ended:
        DEPOSIT.advance(deposit, ending.to)
        deposit.ended_at, deposit.end_reason = at, reason
        if ending.kind is not None:
            entries.append(
                Entry(
                    kind=ending.kind,
                    lines=ending.lines,
                    reference_kind="deposit",
                    reference_id=deposit.id,
                    at=at,
                    reason=reason,
                    entered_by=entered_by,
                )
            )
        owe(session, payer, ending.refund_minor, reason=reason, deposit_id=deposit.id)
    await session.flush()
    await repository.post(session, entries)


def owe(
    session: AsyncSession,
    payer: Payer,
    amount_minor: int,
    *,
    reason: str,
    deposit_id: UUID,
    arrival_id: UUID | None = None,
) -> None:
    """Note a refund to be sent to a payer; nothing for nothing."""
    if amount_minor:
        session.add(
            RefundRow(
                region_code=payer.region_code,
                party_id=payer.id,
                payee_name=payer.name,
                amount_minor=amount_minor,
                currency=rules.CURRENCY,
                reason=reason,
                deposit_id=deposit_id,
                arrival_id=arrival_id,
                status=REFUND.initial,
            )
        )
