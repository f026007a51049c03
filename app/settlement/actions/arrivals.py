"""Bank arrivals: one person enters a line of the statement, another decides on it. Never the same person."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.numbers import next_number
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.settlement import repository, rules
from app.settlement.actions.deposits import owe, told
from app.settlement.errors import ArrivalKnown, ArrivalNotFound
from app.settlement.events import DepositHeld
from app.settlement.repository import Entry, Payer
from app.settlement.rules import Line
from app.settlement.states import (
    ARRIVAL,
    DEPOSIT,
    REFUND,
    ArrivalStatus,
    DepositStatus,
    JournalKind,
)
from app.settlement.tables import ArrivalRow, DepositRow, RefundRow


async def enter_arrival(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    bank_reference: str,
    payer_name: str,
    amount_minor: int,
    posted_at: datetime,
    remittance_note: str,
) -> ArrivalRow:
    """Enter a line of the bank's statement. No money moves until another person confirms it.

    amount_minor: fen. posted_at: the bank's posting time, which decides. Raises `ArrivalInFuture`, `ArrivalKnown`.
    """
    at = await clock.read(session)
    rules.check_posted(posted_at, at)
    if await repository.arrival_known(session, bank_reference):
        raise ArrivalKnown(field="/body/bank_reference")
    arrival = ArrivalRow(
        number=await next_number(session, "DZ", at),
        bank_reference=bank_reference,
        payer_name=payer_name,
        amount_minor=amount_minor,
        currency=rules.CURRENCY,
        posted_at=posted_at,
        remittance_note=remittance_note,
        status=ARRIVAL.initial,
        region_code=actor.party_region,
        entered_by=actor.user_id,
    )
    session.add(arrival)
    await session.flush()
    return arrival


async def confirm_arrival(
    session: AsyncSession, clock: Clock, *, actor: Actor, arrival_id: UUID, version: int
) -> ArrivalRow:
    """Confirm an arrival as the second person: it holds its deposit, or goes to the worklist with a reason.

    Raises `ArrivalNotFound`, `SecondPersonNeeded`, `Stale`, `illegal_transition`.
    """
    arrival = await _lock(session, actor, arrival_id, version)
    number = rules.deposit_number_in(arrival.remittance_note)
    deposit = await repository.lock_deposit_by_number(session, number)
    at = await clock.read(session)
    payer = await _payer(session, deposit)
    matching = rules.match(
        repository.facts(deposit, payer) if deposit and payer else None,
        payer_name=arrival.payer_name,
        amount_minor=arrival.amount_minor,
        posted_at=arrival.posted_at,
    )
    arrival.exception, arrival.deposit_id = matching.exception, deposit.id if deposit else None
    _decide(arrival, matching.to, actor, at, None)
    await _post(session, arrival, matching.kind, matching.lines, at)
    if deposit and payer and matching.exception is None:
        await _hold(session, arrival, deposit, at)
        owe(
            session,
            payer,
            matching.excess_minor,
            reason="超额缴纳",
            deposit_id=deposit.id,
            arrival_id=arrival.id,
        )
    await session.flush()
    return arrival


async def postpone(
    session: AsyncSession, clock: Clock, *, reference_ids: Iterable[UUID], due_at: datetime
) -> None:
    """Give deposits that are still to come a later deadline: their sale was interrupted, or a fault of ours touched it.

    Money on the worklist for having come late is judged anew: what the bank posted by the later deadline holds its deposit.
    Two persons have seen it before; nobody has to decide again.
    """
    deposits = await repository.lock_deposits(session, reference_ids)
    payers = await repository.payers(session, [deposit.payer_party_id for deposit in deposits])
    moved = {}
    for deposit in deposits:
        before = deposit.due_at
        deposit.due_at = rules.postponed(repository.facts(deposit, payers[deposit.payer_party_id]), due_at)
        if deposit.due_at > before:
            moved[deposit.id] = deposit
    await session.flush()
    for arrival in await repository.lock_late(session, moved):
        assert arrival.deposit_id is not None
        deposit = moved[arrival.deposit_id]
        await _judge_anew(session, clock, arrival, deposit, payers[deposit.payer_party_id])
    await session.flush()


async def _judge_anew(
    session: AsyncSession, clock: Clock, arrival: ArrivalRow, deposit: DepositRow, payer: Payer
) -> None:
    facts = repository.facts(deposit, payer)
    matching = rules.match(
        facts,
        payer_name=arrival.payer_name,
        amount_minor=arrival.amount_minor,
        posted_at=arrival.posted_at,
    )
    arrival.exception = matching.exception
    if matching.exception is None:
        at = await clock.read(session)
        lines, excess = rules.held_late(facts, arrival.amount_minor)
        ARRIVAL.advance(arrival, ArrivalStatus.MATCHED)
        arrival.decision_reason = "缴纳截止时间已顺延，到账在新的截止时间之内"
        await _post(session, arrival, JournalKind.DEPOSIT_HELD, lines, at)
        await _hold(session, arrival, deposit, at)
        owe(session, payer, excess, reason="超额缴纳", deposit_id=deposit.id, arrival_id=arrival.id)


async def hold_late(
    session: AsyncSession, clock: Clock, *, actor: Actor, arrival_id: UUID, version: int, reason: str
) -> ArrivalRow:
    """Let a worklist arrival hold the deposit that it came too late for. Whoever calls has checked that it may.

    Raises `ArrivalNotFound`, `SecondPersonNeeded`, `Stale`, `illegal_transition`.
    """
    arrival = await _lock(session, actor, arrival_id, version)
    number = rules.deposit_number_in(arrival.remittance_note)
    deposit = await repository.lock_deposit_by_number(session, number)
    payer = await _payer(session, deposit)
    at = await clock.read(session)
    if deposit is None or payer is None:
        raise ArrivalNotFound()
    lines, excess = rules.held_late(repository.facts(deposit, payer), arrival.amount_minor)
    _decide(arrival, ArrivalStatus.MATCHED, actor, at, reason)
    await _post(session, arrival, JournalKind.DEPOSIT_HELD, lines, at)
    await _hold(session, arrival, deposit, at)
    owe(session, payer, excess, reason="超额缴纳", deposit_id=deposit.id, arrival_id=arrival.id)
    await session.flush()
    return arrival


async def refuse_arrival(
    session: AsyncSession, clock: Clock, *, actor: Actor, arrival_id: UUID, version: int, reason: str
) -> ArrivalRow:
    """Say as the second person that the bank's statement has no such line. What was posted for it is reversed.

    Raises `ArrivalNotFound`, `SecondPersonNeeded`, `Stale`, `illegal_transition`.
    """
    arrival = await _lock(session, actor, arrival_id, version)
    at = await clock.read(session)
    _decide(arrival, ArrivalStatus.REFUSED, actor, at, reason)
    if arrival.journal_id is not None:
        await _reverse(session, arrival, arrival.journal_id, at)
    await session.flush()
    return arrival


async def return_arrival(
    session: AsyncSession, clock: Clock, *, actor: Actor, arrival_id: UUID, version: int, reason: str
) -> ArrivalRow:
    """Decide as the second person that a worklist arrival goes back to its sender, by the original channel.

    Raises `ArrivalNotFound`, `SecondPersonNeeded`, `Stale`, `illegal_transition`.
    """
    arrival = await _lock(session, actor, arrival_id, version)
    at = await clock.read(session)
    _decide(arrival, ArrivalStatus.RETURNED, actor, at, reason)
    lines = rules.returned(arrival.amount_minor)
    await _post(session, arrival, JournalKind.ARRIVAL_RETURNED, lines, at)
    session.add(
        RefundRow(
            region_code=arrival.region_code,
            payee_name=arrival.payer_name,
            amount_minor=arrival.amount_minor,
            currency=arrival.currency,
            reason=reason,
            arrival_id=arrival.id,
            status=REFUND.initial,
        )
    )
    await session.flush()
    return arrival


async def _lock(session: AsyncSession, actor: Actor, arrival_id: UUID, version: int) -> ArrivalRow:
    arrival = await repository.lock_arrival(session, arrival_id, actor.region_prefix)
    if arrival is None:
        raise ArrivalNotFound()
    rules.check_second_person(actor.user_id, arrival.entered_by)
    check_version(arrival.version, version)
    return arrival


async def _payer(session: AsyncSession, deposit: DepositRow | None) -> Payer | None:
    if deposit is None:
        return None
    return (await repository.payers(session, [deposit.payer_party_id]))[deposit.payer_party_id]


def _decide(arrival: ArrivalRow, to: ArrivalStatus, actor: Actor, at: datetime, reason: str | None) -> None:
    ARRIVAL.advance(arrival, to)
    arrival.decided_by, arrival.decided_at, arrival.decision_reason = actor.user_id, at, reason


async def _post(
    session: AsyncSession,
    arrival: ArrivalRow,
    kind: JournalKind,
    lines: Sequence[Line],
    at: datetime,
    *,
    reverses_id: UUID | None = None,
) -> None:
    entry = Entry(
        kind=kind,
        lines=lines,
        reference_kind="bank_arrival",
        reference_id=arrival.id,
        at=at,
        reason=arrival.decision_reason,
        entered_by=arrival.decided_by,
        reverses_id=reverses_id,
    )
    (arrival.journal_id,) = await repository.post(session, [entry])


async def _reverse(session: AsyncSession, arrival: ArrivalRow, journal_id: UUID, at: datetime) -> None:
    lines = rules.reversal(
        await repository.lines_of(session, journal_id),
        reversed_before=await repository.is_reversed(session, journal_id),
    )
    await _post(session, arrival, JournalKind.REVERSAL, lines, at, reverses_id=journal_id)


async def _hold(session: AsyncSession, arrival: ArrivalRow, deposit: DepositRow, at: datetime) -> None:
    DEPOSIT.advance(deposit, DepositStatus.HELD)
    deposit.held_at = at
    await outbox.record(session, DepositHeld(**told(deposit, at), posted_at=arrival.posted_at))
