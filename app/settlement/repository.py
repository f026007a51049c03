"""Settlement's SQL for writing: locks in one order (arrival or refund, deposits by id, accounts by id), postings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Select, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
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
    wanted = list(set(party_ids))
    found = await plain.fetch(session, _PAYERS, wanted) if wanted else []
    return {row["id"]: Payer(row["id"], row["name"], row["region_code"]) for row in found}


_PAYERS: Final = "SELECT id, name, region_code FROM parties WHERE id = ANY($1::uuid[])"


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
        postings += [(journal_id, line.account.id, line.amount_minor) for line in entry.lines]
    async with plain.posting(session):
        await plain.post(session, _ADD_JOURNALS, *plain.columns(journals))
        await plain.post(session, _ADD_POSTINGS, *plain.columns(postings))
        await plain.settle(session)
    return [journal[0] for journal in journals]


def _journal(journal_id: UUID, entry: Entry) -> tuple[Any, ...]:
    return (
        journal_id,
        entry.kind,
        entry.reference_kind,
        entry.reference_id,
        entry.reason,
        entry.entered_by,
        entry.reverses_id,
        entry.at,
    )


_ADD_JOURNALS: Final = (
    "INSERT INTO journals (id, kind, reference_kind, reference_id, reason, entered_by, reverses_id, at)"
    " SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[],"
    " $8::timestamptz[])"
)
# Ids are given in the order of the arrays.
_ADD_POSTINGS: Final = (
    "INSERT INTO postings (journal_id, account_id, amount_minor) SELECT p.journal_id, p.account_id, p.amount_minor"
    " FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) WITH ORDINALITY AS p (journal_id, account_id, amount_minor, place)"
    " ORDER BY p.place"
)
# What is opened here is not seen by the part that locks; that finds what was there before.
_OPEN_AND_LOCK: Final = (
    "WITH opened AS (INSERT INTO accounts (id, kind, currency, party_id, deposit_id)"
    "  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[])"
    "  ON CONFLICT DO NOTHING RETURNING id, balance_minor),"
    " locked AS (SELECT id, balance_minor FROM accounts WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE)"
    " SELECT * FROM opened UNION ALL SELECT * FROM locked"
)
_LOCK: Final = (
    "SELECT id, balance_minor FROM accounts WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"
)


async def _lock_accounts(session: AsyncSession, accounts: Iterable[Account]) -> Mapping[UUID, int]:
    """Open what is missing, then lock all; the balances."""
    ordered = sorted(((account.id, account) for account in accounts), key=lambda named: named[0])
    wanted = [
        (account_id, account.kind, account.currency, account.party_id, account.deposit_id)
        for account_id, account in ordered
    ]
    found = await plain.fetch(session, _OPEN_AND_LOCK, *plain.columns(wanted))
    if len(found) < len(wanted):
        # Somebody else opened one at this very moment: it was there, and not yet seen.
        found = await plain.fetch(session, _LOCK, [account_id for account_id, _ in ordered])
    return {row["id"]: row["balance_minor"] for row in found}


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
