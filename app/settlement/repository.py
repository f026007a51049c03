"""Settlement's SQL for writing: locks in one order (arrival or refund, deposits by id, accounts by id), postings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.tables import PartyRow
from app.kit.ids import new_id
from app.settlement.rules import Account, DepositFacts, Line, check_funds
from app.settlement.states import (
    AccountKind,
    ArrivalException,
    ArrivalStatus,
    DepositStatus,
    JournalKind,
)
from app.settlement.tables import (
    AccountRow,
    ArrivalRow,
    DepositReadRow,
    DepositRow,
    JournalRow,
    PostingRow,
    RefundRow,
)

Row = TypeVar("Row", DepositRow, ArrivalRow, RefundRow)


@dataclass(frozen=True)
class Payer:
    """Who pays: his registered name, and the region that his money is counted in."""

    id: UUID
    name: str
    region_code: str


@dataclass(frozen=True)
class Entry:
    """A journal to be written."""

    kind: JournalKind
    lines: Sequence[Line]
    reference_kind: str
    reference_id: UUID
    at: datetime
    reason: str | None = None
    entered_by: UUID | None = None
    reverses_id: UUID | None = None


async def payers(session: AsyncSession, party_ids: Iterable[UUID]) -> dict[UUID, Payer]:
    """The payers of these ids."""
    found = await session.execute(
        select(PartyRow.id, PartyRow.name, PartyRow.region_code).where(PartyRow.id.in_(set(party_ids)))
    )
    return {row.id: Payer(row.id, row.name, row.region_code) for row in found}


async def lock_deposits(session: AsyncSession, reference_ids: Iterable[UUID]) -> Sequence[DepositRow]:
    """Lock the deposits of these references, in the order of their ids. References without a deposit are left out."""
    wanted = select(DepositRow).where(DepositRow.reference_id.in_(set(reference_ids)))
    return await _locked(session, wanted.order_by(DepositRow.id))


async def lock_deposit_by_number(session: AsyncSession, number: str | None) -> DepositRow | None:
    """Lock the deposit of a number, if there is one."""
    found = await _locked(session, select(DepositRow).where(DepositRow.number == number))
    return found[0] if found else None


async def arrival_known(session: AsyncSession, bank_reference: str) -> bool:
    """Whether a line of the bank's statement has been entered, refused entries aside."""
    found = await session.execute(
        select(ArrivalRow.id).where(
            ArrivalRow.bank_reference == bank_reference, ArrivalRow.status != ArrivalStatus.REFUSED
        )
    )
    return found.scalar_one_or_none() is not None


async def lock_arrival(session: AsyncSession, arrival_id: UUID, region_prefix: str) -> ArrivalRow | None:
    """Lock one arrival of a region's subtree."""
    wanted = select(ArrivalRow).where(
        ArrivalRow.id == arrival_id, ArrivalRow.region_code.startswith(region_prefix, autoescape=True)
    )
    found = await _locked(session, wanted)
    return found[0] if found else None


async def lock_late(session: AsyncSession, deposit_ids: Iterable[UUID]) -> Sequence[ArrivalRow]:
    """Lock the arrivals that are on the worklist for having come too late for these deposits, the earliest first.

    Whoever calls holds the deposits; an arrival that is still to be confirmed waits for them and is not among these.
    """
    wanted = select(ArrivalRow).where(
        ArrivalRow.deposit_id.in_(list(deposit_ids)),
        ArrivalRow.status == ArrivalStatus.EXCEPTION,
        ArrivalRow.exception == ArrivalException.ARRIVED_LATE,
    )
    return await _locked(session, wanted.order_by(ArrivalRow.posted_at, ArrivalRow.id))


async def has_arrival(session: AsyncSession, arrival_id: UUID, region_prefix: str) -> bool:
    """Whether a region's subtree has this arrival."""
    wanted = select(ArrivalRow.id).where(
        ArrivalRow.id == arrival_id, ArrivalRow.region_code.startswith(region_prefix, autoescape=True)
    )
    return (await session.execute(wanted)).scalar_one_or_none() is not None


async def refund_known(session: AsyncSession, bank_reference: str) -> bool:
    """Whether a refund was ordered under this number."""
    found = await session.execute(select(RefundRow.id).where(RefundRow.bank_reference == bank_reference))
    return found.scalar_one_or_none() is not None


async def lock_refund(session: AsyncSession, refund_id: UUID, region_prefix: str) -> RefundRow | None:
    """Lock one refund of a region's subtree."""
    wanted = select(RefundRow).where(
        RefundRow.id == refund_id, RefundRow.region_code.startswith(region_prefix, autoescape=True)
    )
    found = await _locked(session, wanted)
    return found[0] if found else None


async def _locked(session: AsyncSession, statement: Select[Row]) -> Sequence[Row]:
    """Run a statement with FOR NO KEY UPDATE; what the session knew of the rows before is read anew."""
    locking = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(locking)).all()


def facts(deposit: DepositRow, payer: Payer) -> DepositFacts:
    """What rules know of a deposit."""
    return DepositFacts(
        id=deposit.id,
        status=DepositStatus(deposit.status),
        amount_minor=deposit.left_minor,
        due_at=deposit.due_at,
        payer_party_id=payer.id,
        payer_name=payer.name,
    )


async def lines_of(session: AsyncSession, journal_id: UUID) -> list[Line]:
    """What a journal has posted."""
    found = await session.execute(
        select(AccountRow.kind, AccountRow.party_id, AccountRow.deposit_id, PostingRow.amount_minor)
        .join(AccountRow, AccountRow.id == PostingRow.account_id)
        .where(PostingRow.journal_id == journal_id)
        .order_by(PostingRow.id)
    )
    return [
        Line(Account(AccountKind(row.kind), row.party_id, row.deposit_id), row.amount_minor) for row in found
    ]


async def is_reversed(session: AsyncSession, journal_id: UUID) -> bool:
    """Whether a reversal of the journal exists."""
    found = await session.execute(select(JournalRow.id).where(JournalRow.reverses_id == journal_id))
    return found.scalar_one_or_none() is not None


async def post(session: AsyncSession, entries: Sequence[Entry]) -> list[UUID]:
    """Write journals with their postings; the ids of the journals.

    Opens and locks the accounts in the order of their ids. Raises `AccountOverdrawn`. The database moves the balances.
    """
    lines = [line for entry in entries for line in entry.lines]
    if not lines:
        return []
    await session.flush()
    check_funds(await _lock_accounts(session, {line.account for line in lines}), lines)
    journals, postings = [], []
    for entry in entries:
        journal_id = new_id()
        journals.append(_journal(journal_id, entry))
        postings += [
            {"journal_id": journal_id, "account_id": line.account.id, "amount_minor": line.amount_minor}
            for line in entry.lines
        ]
    await session.execute(insert(JournalRow), journals)
    await session.execute(insert(PostingRow), postings)
    return [journal["id"] for journal in journals]


def _journal(journal_id: UUID, entry: Entry) -> dict[str, Any]:
    return {
        "id": journal_id,
        "kind": entry.kind,
        "reference_kind": entry.reference_kind,
        "reference_id": entry.reference_id,
        "reason": entry.reason,
        "entered_by": entry.entered_by,
        "reverses_id": entry.reverses_id,
        "at": entry.at,
    }


async def _lock_accounts(session: AsyncSession, accounts: Iterable[Account]) -> Mapping[UUID, int]:
    """Open what is missing, then lock all; the balances."""
    ordered = sorted(accounts, key=lambda account: account.id)
    missing = [
        {
            "id": account.id,
            "kind": account.kind,
            "currency": account.currency,
            "party_id": account.party_id,
            "deposit_id": account.deposit_id,
        }
        for account in ordered
    ]
    await session.execute(upsert(AccountRow).values(missing).on_conflict_do_nothing())
    found = await session.execute(
        select(AccountRow.id, AccountRow.balance_minor)
        .where(AccountRow.id.in_([account.id for account in ordered]))
        .order_by(AccountRow.id)
        .with_for_update(key_share=True)
    )
    return {row.id: row.balance_minor for row in found}


async def note_reads(session: AsyncSession, user_id: UUID, deposit_ids: Iterable[UUID | None]) -> None:
    """Write down whose deposits were read, in themselves or in the arrivals, refunds and accounts that name them."""
    named = list(dict.fromkeys(one for one in deposit_ids if one is not None))
    if named:
        await session.execute(insert(DepositReadRow).values(user_id=user_id, deposit_ids=named))


@dataclass(frozen=True)
class LateDeposit:
    """A deposit whose money is on the worklist for having come late."""

    reference_id: UUID
    due_at: datetime
    posted_at: datetime


async def late_deposit(session: AsyncSession, arrival_id: UUID) -> LateDeposit | None:
    """The deposit that an arrival came too late for, while it waits on the worklist; else None."""
    row = (
        await session.execute(
            select(DepositRow.reference_id, DepositRow.due_at, ArrivalRow.posted_at)
            .join(ArrivalRow, ArrivalRow.deposit_id == DepositRow.id)
            .where(
                ArrivalRow.id == arrival_id,
                ArrivalRow.status == ArrivalStatus.EXCEPTION,
                ArrivalRow.exception == ArrivalException.ARRIVED_LATE,
                DepositRow.status == DepositStatus.REQUIRED,
            )
        )
    ).one_or_none()
    return LateDeposit(row.reference_id, row.due_at, row.posted_at) if row is not None else None
