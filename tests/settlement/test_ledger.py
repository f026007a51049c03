"""What the database itself refuses, whoever asks: the ledger only grows, balances, and never goes below nothing."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.kit.ids import new_id
from app.settlement import repository
from app.settlement.repository import Entry
from app.settlement.rules import BANK, UNIDENTIFIED, transfer
from app.settlement.states import JournalKind


async def journal(session: AsyncSession, amount_minor: int = 100) -> str:
    entry = Entry(
        kind=JournalKind.ARRIVAL_UNIDENTIFIED,
        lines=transfer(amount_minor, debit=BANK, credit=UNIDENTIFIED),
        reference_kind="bank_arrival",
        reference_id=new_id(),
        at=await Clock().read(session),
    )
    (made,) = await repository.post(session, [entry])
    await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    await session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    return str(made)


async def refused(session: AsyncSession, sql: str, words: str, **values: object) -> None:
    with pytest.raises(DBAPIError, match=words):
        async with session.begin_nested():
            await session.execute(text(sql), values)
            await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


@pytest.mark.parametrize("table", ["journals", "postings"])
async def test_what_is_posted_is_neither_changed_nor_removed(session: AsyncSession, table: str) -> None:
    await journal(session)
    column = {"journals": "reason = 'x'", "postings": "amount_minor = 1"}[table]
    await refused(session, f"UPDATE {table} SET {column}", "only ever added to")
    await refused(session, f"DELETE FROM {table}", "only ever added to")
    await refused(session, f"TRUNCATE {table} CASCADE", "only ever added to")


async def test_a_balance_moves_by_postings_alone(session: AsyncSession) -> None:
    await journal(session)
    await refused(
        session, "UPDATE accounts SET balance_minor = balance_minor + 1 WHERE kind = 'bank'", "alone"
    )
    await refused(session, "DELETE FROM accounts WHERE kind = 'bank'", "alone")
    await refused(session, "TRUNCATE accounts CASCADE", "only ever added to")
    await refused(
        session,
        "INSERT INTO accounts (id, kind, balance_minor) VALUES (gen_random_uuid(), 'bank', 5)",
        "empty",
    )


async def test_a_journal_that_does_not_sum_to_zero_is_not_committed(session: AsyncSession) -> None:
    await journal(session)
    insert = "INSERT INTO journals (id, kind, reference_kind, reference_id, at) VALUES (:id, 'refund_sent', 'x', :id, now())"
    await refused(session, insert, "has 0 lines", id=new_id())
    lone = (
        f"WITH j AS ({insert} RETURNING id)"
        " INSERT INTO postings (journal_id, account_id, amount_minor) SELECT :id, :account, 5 FROM j"
    )
    await refused(session, lone, "one transaction|sums to", id=new_id(), account=BANK.id)


async def test_postings_of_one_journal_that_leave_something_over_are_not_committed(
    session: AsyncSession,
) -> None:
    made = await journal(session)
    add = "INSERT INTO postings (journal_id, account_id, amount_minor) VALUES (:id, :account, 5)"
    with pytest.raises(DBAPIError, match="has 3 lines and sums to 5"):
        async with session.begin_nested():
            await session.execute(text(add), {"id": made, "account": BANK.id})
            await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


async def test_no_account_goes_below_nothing_even_by_hand(session: AsyncSession) -> None:
    made = await journal(session)
    held = await session.scalar(text("SELECT balance_minor FROM accounts WHERE kind = 'bank'"))
    await refused(
        session,
        "INSERT INTO postings (journal_id, account_id, amount_minor) VALUES (:id, :account, :amount)",
        "ck_accounts_balance_minor",
        id=made,
        account=BANK.id,
        amount=-int(held) - 1,
    )


async def test_an_amount_of_nothing_is_no_posting(session: AsyncSession) -> None:
    made = await journal(session)
    await refused(
        session,
        "INSERT INTO postings (journal_id, account_id, amount_minor) VALUES (:id, :account, 0)",
        "ck_postings_amount_minor",
        id=made,
        account=BANK.id,
    )
