"""Pure decisions about money: which lines an act posts, which arrival holds a deposit, who may decide.

Amounts are fen. Debits are positive, credits negative, so the bank's balance is positive, what the market owes is
negative, and everything sums to zero.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from app.settlement.errors import (
    AccountOverdrawn,
    ArrivalInFuture,
    DepositEnded,
    DepositNotHeld,
    DepositTooSmall,
    JournalNotReversible,
    LedgerNeedsWholeScope,
    SecondPersonNeeded,
)
from app.settlement.states import AccountKind, ArrivalException, ArrivalStatus, DepositStatus, JournalKind

CURRENCY = "CNY"
_ACCOUNTS = UUID("6b1c1c5e-6f0f-4f3f-9a52-6d7f0a1c0d11")
_BRACKETS = str.maketrans("【】〔〕[]{}", "()()()()")
_DEPOSIT_NUMBER = re.compile(r"BZ[-\s]?([0-9]{4})[-\s]?([0-9]{6,9})(?![0-9])", re.ASCII)


@dataclass(frozen=True)
class Account:
    """An account, named by what it holds. Its id follows from that, so ids are in lock order before rows exist."""

    kind: AccountKind
    party_id: UUID | None = None
    deposit_id: UUID | None = None
    currency: str = CURRENCY

    @property
    def id(self) -> UUID:
        """The same account always has the same id."""
        return uuid5(_ACCOUNTS, f"{self.kind}/{self.currency}/{self.party_id}/{self.deposit_id}")


BANK = Account(AccountKind.BANK)
UNIDENTIFIED = Account(AccountKind.UNIDENTIFIED)
FORFEITED = Account(AccountKind.FORFEITED)


@dataclass(frozen=True)
class Line:
    """One posting to be: debit above zero, credit below."""

    account: Account
    amount_minor: int


@dataclass(frozen=True)
class DepositFacts:
    """What is known of a deposit under its lock. `amount_minor`: what it holds or asks for now, in fen."""

    id: UUID
    status: DepositStatus
    amount_minor: int
    due_at: datetime
    payer_party_id: UUID
    payer_name: str


@dataclass(frozen=True)
class Ending:
    """How a deposit ends: its state, the journal, and what is owed back to the payer."""

    to: DepositStatus
    kind: JournalKind | None
    lines: tuple[Line, ...]
    refund_minor: int


@dataclass(frozen=True)
class Matching:
    """What a confirmed arrival does: hold the deposit, or go to the worklist for a reason."""

    exception: ArrivalException | None
    to: ArrivalStatus
    kind: JournalKind
    lines: tuple[Line, ...]
    excess_minor: int


def transfer(amount_minor: int, *, debit: Account, credit: Account) -> tuple[Line, ...]:
    """The two lines that move an amount; none for nothing."""
    return (Line(debit, amount_minor), Line(credit, -amount_minor)) if amount_minor else ()


def deposit_account(deposit: DepositFacts) -> Account:
    """The account that holds this one deposit."""
    return Account(AccountKind.DEPOSIT, deposit_id=deposit.id)


def release(deposit: DepositFacts) -> Ending | None:
    """Give the money back, or let an unpaid one lapse. None where it has ended so already: a repeat has no effect.

    Raises `DepositEnded` for one that was applied or forfeited. House rule: back by the original channel, no interest.
    """
    if deposit.status in (DepositStatus.RELEASED, DepositStatus.LAPSED):
        return None
    if deposit.status is DepositStatus.REQUIRED:
        return Ending(DepositStatus.LAPSED, None, (), 0)
    _check_held(deposit)
    if not deposit.amount_minor:
        return Ending(DepositStatus.RELEASED, None, (), 0)
    owed = Account(AccountKind.REFUND_PAYABLE, party_id=deposit.payer_party_id)
    lines = transfer(deposit.amount_minor, debit=deposit_account(deposit), credit=owed)
    return Ending(DepositStatus.RELEASED, JournalKind.DEPOSIT_RELEASED, lines, deposit.amount_minor)


def divide(deposit: DepositFacts, *, into_id: UUID, amount_minor: int) -> tuple[Line, ...]:
    """Take part of a held deposit out into a deposit of its own: a session's unit that secures the lot it won.

    amount_minor: fen, above zero. Raises `DepositNotHeld`, `DepositEnded`, or `DepositTooSmall` for more than is left.
    House rule (practice R21).
    """
    _check_held(deposit)
    if amount_minor > deposit.amount_minor:
        raise DepositTooSmall()
    into = Account(AccountKind.DEPOSIT, deposit_id=into_id)
    return transfer(amount_minor, debit=deposit_account(deposit), credit=into)


def lapse(deposit: DepositFacts) -> Ending | None:
    """End a deposit whose money never came. None for any other state: what is held stays held."""
    if deposit.status is not DepositStatus.REQUIRED:
        return None
    return Ending(DepositStatus.LAPSED, None, (), 0)


def postponed(deposit: DepositFacts, due_at: datetime) -> datetime:
    """The deadline of a deposit whose sale was interrupted: never earlier than before; what is paid or ended stays."""
    return max(deposit.due_at, due_at) if deposit.status is DepositStatus.REQUIRED else deposit.due_at


def apply(deposit: DepositFacts, *, to_party_id: UUID, price_minor: int | None) -> Ending:
    """Count the deposit towards the price (保证金转为价款), as far as the price goes; the rest goes back.

    price_minor: fen; None applies all of it. Raises `DepositNotHeld` or `DepositEnded`.
    """
    _check_held(deposit)
    applied = deposit.amount_minor if price_minor is None else min(deposit.amount_minor, price_minor)
    rest = deposit.amount_minor - applied
    held = deposit_account(deposit)
    owed = Account(AccountKind.REFUND_PAYABLE, party_id=deposit.payer_party_id)
    lines = transfer(applied, debit=held, credit=Account(AccountKind.SELLER_PAYABLE, party_id=to_party_id))
    lines += transfer(rest, debit=held, credit=owed)
    return Ending(DepositStatus.APPLIED, JournalKind.DEPOSIT_APPLIED, lines, rest)


def forfeit(deposit: DepositFacts) -> Ending:
    """Take the deposit for a breach; its further use is a later decision. Raises `DepositNotHeld`, `DepositEnded`."""
    _check_held(deposit)
    lines = transfer(deposit.amount_minor, debit=deposit_account(deposit), credit=FORFEITED)
    return Ending(DepositStatus.FORFEITED, JournalKind.DEPOSIT_FORFEITED, lines, 0)


def _check_held(deposit: DepositFacts) -> None:
    if deposit.status is DepositStatus.REQUIRED:
        raise DepositNotHeld(status_now=str(deposit.status))
    if deposit.status is not DepositStatus.HELD:
        raise DepositEnded(
            f"该保证金的状态为“{deposit.status}”。",
            f"The deposit is {deposit.status}.",
            status_now=str(deposit.status),
        )


def match(
    deposit: DepositFacts | None, *, payer_name: str, amount_minor: int, posted_at: datetime
) -> Matching:
    """Judge an arrival that a second person has confirmed.

    The order is fixed: is the deposit known, open, is the payer its payer, is it enough, was it in time. The bank's
    posting time decides whenever it is entered; money posted at `due_at` itself is in time. What is paid over the
    amount is owed back. House rule (practice R2, R3).
    """
    reason = _exception(deposit, payer_name, amount_minor, posted_at)
    if reason is not None or deposit is None:
        lines = transfer(amount_minor, debit=BANK, credit=UNIDENTIFIED)
        return Matching(reason, ArrivalStatus.EXCEPTION, JournalKind.ARRIVAL_UNIDENTIFIED, lines, 0)
    excess = amount_minor - deposit.amount_minor
    owed = Account(AccountKind.REFUND_PAYABLE, party_id=deposit.payer_party_id)
    lines = transfer(deposit.amount_minor, debit=BANK, credit=deposit_account(deposit))
    lines += transfer(excess, debit=BANK, credit=owed)
    return Matching(None, ArrivalStatus.MATCHED, JournalKind.DEPOSIT_HELD, lines, excess)


def held_late(deposit: DepositFacts, amount_minor: int) -> tuple[tuple[Line, ...], int]:
    """The lines that move a late arrival from the worklist to its deposit, and what of it is owed back, in fen."""
    excess = amount_minor - deposit.amount_minor
    owed = Account(AccountKind.REFUND_PAYABLE, party_id=deposit.payer_party_id)
    lines = transfer(deposit.amount_minor, debit=UNIDENTIFIED, credit=deposit_account(deposit))
    return lines + transfer(excess, debit=UNIDENTIFIED, credit=owed), excess


def _exception(
    deposit: DepositFacts | None, payer_name: str, amount_minor: int, posted_at: datetime
) -> ArrivalException | None:
    if deposit is None:
        return ArrivalException.DEPOSIT_UNKNOWN
    if deposit.status is not DepositStatus.REQUIRED:
        return ArrivalException.DEPOSIT_NOT_OPEN
    if folded_name(payer_name) != folded_name(deposit.payer_name):
        return ArrivalException.PAYER_NAME_DIFFERS
    if amount_minor < deposit.amount_minor:
        return ArrivalException.AMOUNT_SHORT
    if posted_at > deposit.due_at:
        return ArrivalException.ARRIVED_LATE
    return None


def folded_name(name: str) -> str:
    """A payer's name as banks may write it: NFKC, one kind of bracket, no spaces, no invisible characters."""
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS).casefold()
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


def deposit_number_in(note: str) -> str | None:
    """The one deposit number in a remittance note, however the bank spaced it; None for none or several."""
    plain = unicodedata.normalize("NFKC", note).upper()
    found = {f"BZ-{year}-{serial}" for year, serial in _DEPOSIT_NUMBER.findall(plain)}
    return found.pop() if len(found) == 1 else None


def check_posted(posted_at: datetime, at: datetime) -> None:
    """Raise `ArrivalInFuture` for a posting time after market time."""
    if posted_at > at:
        raise ArrivalInFuture(field="/body/posted_at")


def check_second_person(user_id: UUID, *earlier: UUID | None) -> None:
    """Raise `SecondPersonNeeded` if the person has had a hand in it before. A person is his user id."""
    if user_id in earlier:
        raise SecondPersonNeeded()


def check_whole_scope(region_scope: str | None) -> None:
    """Raise `LedgerNeedsWholeScope` for staff of one region."""
    if region_scope is not None:
        raise LedgerNeedsWholeScope()


def returned(amount_minor: int) -> tuple[Line, ...]:
    """An arrival of the worklist is owed back to whoever sent it; the ledger need not know who that is."""
    return transfer(amount_minor, debit=UNIDENTIFIED, credit=Account(AccountKind.REFUND_PAYABLE))


def refunded(amount_minor: int, party_id: UUID | None) -> tuple[Line, ...]:
    """A refund that has left the bank."""
    return transfer(amount_minor, debit=Account(AccountKind.REFUND_PAYABLE, party_id=party_id), credit=BANK)


def reversal(lines: Iterable[Line], *, reversed_before: bool) -> tuple[Line, ...]:
    """The lines that undo a journal, in full. Raises `JournalNotReversible` for a second time."""
    if reversed_before:
        raise JournalNotReversible()
    return tuple(Line(line.account, -line.amount_minor) for line in lines)


def check_funds(balances: Mapping[UUID, int], lines: Iterable[Line]) -> None:
    """Raise `AccountOverdrawn` if the lines would draw an account past nothing: the bank below, all others above."""
    after, accounts = dict(balances), {}
    for line in lines:
        after[line.account.id] = after.get(line.account.id, 0) + line.amount_minor
        accounts[line.account.id] = line.account
    for account in accounts.values():
        left = after[account.id] if account.kind is AccountKind.BANK else -after[account.id]
        if left < 0:
            raise AccountOverdrawn(account_kind=str(account.kind))
