"""Reading settlement. A payer sees his own; staff see their region's, and each such read of deposits is logged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.db.clock import Clock
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.tables import PartyRow
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut, Page
from app.settlement import rules
from app.settlement.errors import AccountNotFound, ArrivalNotFound, DepositNotFound, RefundNotFound
from app.settlement.repository import note_reads
from app.settlement.schemas import (
    AccountOut,
    ArrivalOut,
    DepositOut,
    PostingOut,
    RefundOut,
    Side,
    TrialBalanceLine,
    TrialBalanceOut,
)
from app.settlement.states import AccountKind, ArrivalStatus, DepositStatus, RefundStatus
from app.settlement.tables import (
    AccountRow,
    ArrivalRow,
    DepositRow,
    JournalRow,
    PostingRow,
    RefundRow,
)


@dataclass(frozen=True)
class Deposit:
    """What other rooms may know of a deposit. `amount_minor` is in fen."""

    id: UUID
    number: str
    reference_id: UUID
    payer_party_id: UUID
    amount_minor: int
    due_at: datetime
    status: DepositStatus
    held_at: datetime | None

    @property
    def held(self) -> bool:
        """Whether the money is here and bound."""
        return self.status is DepositStatus.HELD


async def deposit_of(session: AsyncSession, registration_id: UUID) -> Deposit | None:
    """The deposit of a registration; None where none was asked for."""
    return (await deposits_of(session, [registration_id])).get(registration_id)


async def deposits_of(session: AsyncSession, reference_ids: Iterable[UUID]) -> dict[UUID, Deposit]:
    """The deposits of many registrations, by registration; those without one are left out."""
    wanted = list(set(reference_ids))
    if not wanted:
        return {}
    told = (
        dict(row) | {"status": DepositStatus(row["status"])}
        for row in await plain.fetch(session, _DEPOSITS, wanted)
    )
    return {deposit.reference_id: deposit for deposit in (Deposit(**row) for row in told)}


_DEPOSITS: Final = (
    "SELECT id, number, reference_id, payer_party_id, amount_minor, due_at, status, held_at FROM deposits"
    " WHERE reference_id = ANY($1::uuid[])"
)


def _in_region(actor: Actor, column: Any) -> ColumnElement[bool]:
    return column.startswith(actor.region_prefix, autoescape=True) if actor.region_prefix else true()


def _seen_by(actor: Actor, owner: Any, region: Any) -> ColumnElement[bool]:
    """One's own, and for whoever reads the ledger all of his region."""
    if actor.may(Permission.LEDGER_READ):
        return or_(owner == actor.party_id, _in_region(actor, region))
    mine: ColumnElement[bool] = owner == actor.party_id
    return mine


async def _newest_first(
    session: AsyncSession,
    statement: Any,
    key: Any,
    filters: dict[str, Any],
    *,
    cursor: str | None,
    limit: int,
) -> tuple[Sequence[Any], str | None]:
    """One page by descending UUID key, and the cursor of the next. The key is the first column's `id`."""
    if cursor is not None:
        statement = statement.where(key < decode_cursor(cursor, filters, (UUID,))[0])
    rows = (await session.execute(statement.order_by(key.desc()).limit(limit + 1))).all()
    more = len(rows) > limit
    return rows[:limit], encode_cursor([rows[limit - 1][0].id], filters) if more else None


def _page(data: list[Any], next_cursor: str | None) -> Page[Any]:
    return Page(data=data, next_cursor=next_cursor, has_more=next_cursor is not None)


def _deposits(actor: Actor) -> Select[DepositRow, str]:
    return (
        select(DepositRow, PartyRow.name)
        .join(PartyRow, PartyRow.id == DepositRow.payer_party_id)
        .where(_seen_by(actor, DepositRow.payer_party_id, DepositRow.region_code))
    )


def _deposit(row: DepositRow, payer_name: str) -> DepositOut:
    return DepositOut(
        id=row.id,
        number=row.number,
        reference_id=row.reference_id,
        payer_party_id=row.payer_party_id,
        payer_name=payer_name,
        region_code=row.region_code,
        amount=MoneyOut.of(row.amount_minor, row.currency),
        left=MoneyOut.of(row.left_minor, row.currency),
        due_at=row.due_at,
        status=DepositStatus(row.status),
        held_at=row.held_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        decision_reference=row.decision_reference,
        contract_id=row.contract_id,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def _log_read(session: AsyncSession, actor: Actor, rows: Sequence[DepositRow]) -> None:
    await note_reads(session, actor.user_id, [row.id for row in rows if row.payer_party_id != actor.party_id])


async def _log_arrivals(session: AsyncSession, actor: Actor, rows: Sequence[ArrivalRow]) -> None:
    """An arrival that nobody has confirmed names its deposit in the remittance note only."""
    noted = {rules.deposit_number_in(row.remittance_note) for row in rows if row.deposit_id is None} - {None}
    found = await session.scalars(select(DepositRow.id).where(DepositRow.number.in_(noted))) if noted else ()
    await note_reads(session, actor.user_id, [*(row.deposit_id for row in rows), *found])


async def list_deposits(
    session: AsyncSession,
    *,
    actor: Actor,
    status: DepositStatus | None,
    reference_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> Page[DepositOut]:
    """Deposits, the newest first. Raises `CursorInvalid`."""
    statement = _deposits(actor)
    if status is not None:
        statement = statement.where(DepositRow.status == status)
    if reference_id is not None:
        statement = statement.where(DepositRow.reference_id == reference_id)
    filters = {"list": "deposits", "status": status, "reference_id": reference_id}
    rows, after = await _newest_first(session, statement, DepositRow.id, filters, cursor=cursor, limit=limit)
    await _log_read(session, actor, [row[0] for row in rows])
    return _page([_deposit(*row) for row in rows], after)


async def read_deposit(session: AsyncSession, *, actor: Actor, deposit_id: UUID) -> tuple[DepositOut, int]:
    """One deposit and its version. Raises `DepositNotFound`."""
    row = (await session.execute(_deposits(actor).where(DepositRow.id == deposit_id))).one_or_none()
    if row is None:
        raise DepositNotFound()
    await _log_read(session, actor, [row[0]])
    return _deposit(*row), row[0].version


def _arrivals(actor: Actor) -> Select[ArrivalRow, str | None]:
    return (
        select(ArrivalRow, DepositRow.number)
        .outerjoin(DepositRow, DepositRow.id == ArrivalRow.deposit_id)
        .where(_in_region(actor, ArrivalRow.region_code))
    )


def _arrival(row: ArrivalRow, deposit_number: str | None) -> ArrivalOut:
    return ArrivalOut(
        id=row.id,
        number=row.number,
        bank_reference=row.bank_reference,
        payer_name=row.payer_name,
        amount=MoneyOut.of(row.amount_minor, row.currency),
        posted_at=row.posted_at,
        remittance_note=row.remittance_note,
        region_code=row.region_code,
        status=ArrivalStatus(row.status),
        exception=row.exception,
        deposit_id=row.deposit_id,
        deposit_number=deposit_number,
        entered_by=row.entered_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def list_arrivals(
    session: AsyncSession, *, actor: Actor, status: ArrivalStatus | None, cursor: str | None, limit: int
) -> Page[ArrivalOut]:
    """Arrivals of the actor's region, the newest first. Raises `CursorInvalid`."""
    statement = _arrivals(actor)
    if status is not None:
        statement = statement.where(ArrivalRow.status == status)
    filters = {"list": "bank_arrivals", "status": status}
    rows, after = await _newest_first(session, statement, ArrivalRow.id, filters, cursor=cursor, limit=limit)
    await _log_arrivals(session, actor, [row[0] for row in rows])
    return _page([_arrival(*row) for row in rows], after)


async def read_arrival(session: AsyncSession, *, actor: Actor, arrival_id: UUID) -> tuple[ArrivalOut, int]:
    """One arrival and its version. Raises `ArrivalNotFound`."""
    row = (await session.execute(_arrivals(actor).where(ArrivalRow.id == arrival_id))).one_or_none()
    if row is None:
        raise ArrivalNotFound()
    await _log_arrivals(session, actor, [row[0]])
    return _arrival(*row), row[0].version


def _refunds(actor: Actor) -> Select[RefundRow]:
    return select(RefundRow).where(_seen_by(actor, RefundRow.party_id, RefundRow.region_code))


def _refund(row: RefundRow) -> RefundOut:
    return RefundOut(
        id=row.id,
        party_id=row.party_id,
        payee_name=row.payee_name,
        region_code=row.region_code,
        amount=MoneyOut.of(row.amount_minor, row.currency),
        reason=row.reason,
        deposit_id=row.deposit_id,
        arrival_id=row.arrival_id,
        status=RefundStatus(row.status),
        bank_reference=row.bank_reference,
        ordered_by=row.ordered_by,
        confirmed_by=row.confirmed_by,
        sent_at=row.sent_at,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def list_refunds(
    session: AsyncSession, *, actor: Actor, status: RefundStatus | None, cursor: str | None, limit: int
) -> Page[RefundOut]:
    """Refunds, the newest first: one's own, or all for whoever reads the ledger. Raises `CursorInvalid`."""
    statement = _refunds(actor)
    if status is not None:
        statement = statement.where(RefundRow.status == status)
    filters = {"list": "refunds", "status": status}
    rows, after = await _newest_first(session, statement, RefundRow.id, filters, cursor=cursor, limit=limit)
    await note_reads(
        session, actor.user_id, [row.deposit_id for (row,) in rows if row.party_id != actor.party_id]
    )
    return _page([_refund(row[0]) for row in rows], after)


async def read_refund(session: AsyncSession, *, actor: Actor, refund_id: UUID) -> tuple[RefundOut, int]:
    """One refund and its version. Raises `RefundNotFound`."""
    row = (await session.scalars(_refunds(actor).where(RefundRow.id == refund_id))).one_or_none()
    if row is None:
        raise RefundNotFound()
    await note_reads(session, actor.user_id, [row.deposit_id] if row.party_id != actor.party_id else [])
    return _refund(row), row.version


def _side(kind: str) -> Side:
    return "debit" if kind == AccountKind.BANK else "credit"


def _own_side(kind: str, balance_minor: int) -> MoneyOut:
    return MoneyOut.of(balance_minor if kind == AccountKind.BANK else -balance_minor)


async def read_trial_balance(session: AsyncSession, clock: Clock, *, actor: Actor) -> TrialBalanceOut:
    """Every kind of account with its total. Raises `LedgerNeedsWholeScope`."""
    rules.check_whole_scope(actor.region_scope)
    rows = (
        await session.execute(
            select(AccountRow.kind, func.count().label("accounts"), func.sum(AccountRow.balance_minor))
            .group_by(AccountRow.kind)
            .order_by(AccountRow.kind)
        )
    ).all()
    debits = sum(int(total) for kind, _, total in rows if kind == AccountKind.BANK)
    credits = -sum(int(total) for kind, _, total in rows if kind != AccountKind.BANK)
    return TrialBalanceOut(
        at=await clock.read(session),
        debits=MoneyOut.of(debits),
        credits=MoneyOut.of(credits),
        balanced=debits == credits,
        data=[
            TrialBalanceLine(
                kind=AccountKind(kind), accounts=count, side=_side(kind), balance=_own_side(kind, int(total))
            )
            for kind, count, total in rows
        ],
    )


async def list_accounts(
    session: AsyncSession, *, actor: Actor, kind: AccountKind | None, cursor: str | None, limit: int
) -> Page[AccountOut]:
    """Accounts in the order of their ids. Raises `LedgerNeedsWholeScope`, `CursorInvalid`."""
    rules.check_whole_scope(actor.region_scope)
    statement = select(AccountRow)
    if kind is not None:
        statement = statement.where(AccountRow.kind == kind)
    filters = {"list": "accounts", "kind": kind}
    rows, after = await _newest_first(session, statement, AccountRow.id, filters, cursor=cursor, limit=limit)
    await note_reads(session, actor.user_id, [row.deposit_id for (row,) in rows])
    return _page(
        [
            AccountOut(
                id=row.id,
                kind=AccountKind(row.kind),
                party_id=row.party_id,
                deposit_id=row.deposit_id,
                side=_side(row.kind),
                balance=_own_side(row.kind, row.balance_minor),
                created_at=row.created_at,
            )
            for (row,) in rows
        ],
        after,
    )


async def read_statement(
    session: AsyncSession, *, actor: Actor, account_id: UUID, cursor: str | None, limit: int
) -> Page[PostingOut]:
    """An account's postings in order, each with the balance after it.

    Raises `LedgerNeedsWholeScope`, `AccountNotFound`, `CursorInvalid`.
    """
    rules.check_whole_scope(actor.region_scope)
    account = await session.get(AccountRow, account_id)
    if account is None:
        raise AccountNotFound()
    kind = account.kind
    await note_reads(session, actor.user_id, [account.deposit_id])
    filters = {"list": "postings", "account_id": account_id}
    running = func.sum(PostingRow.amount_minor).over(order_by=PostingRow.id).label("running")
    lines = (
        select(PostingRow.id, PostingRow.journal_id, PostingRow.amount_minor, running)
        .where(PostingRow.account_id == account_id)
        .subquery()
    )
    statement = select(lines, JournalRow).join(JournalRow, JournalRow.id == lines.c.journal_id)
    if cursor is not None:
        statement = statement.where(lines.c.id > decode_cursor(cursor, filters, (int,))[0])
    rows = (await session.execute(statement.order_by(lines.c.id).limit(limit + 1))).all()
    more = len(rows) > limit
    after = encode_cursor([rows[limit - 1].id], filters) if more else None
    return _page([_posting(kind, row) for row in rows[:limit]], after)


def _posting(kind: str, row: Any) -> PostingOut:
    journal: JournalRow = row.JournalRow
    return PostingOut(
        id=row.id,
        journal_id=journal.id,
        kind=journal.kind,
        reference_kind=journal.reference_kind,
        reference_id=journal.reference_id,
        reason=journal.reason,
        entered_by=journal.entered_by,
        at=journal.at,
        side="debit" if row.amount_minor > 0 else "credit",
        amount=MoneyOut.of(abs(row.amount_minor)),
        balance=_own_side(kind, int(row.running)),
    )
