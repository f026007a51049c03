"""Deposits under contention and at random, on databases that commit: each ends once, the ledger always balances."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.session import Database
from app.kit.errors import Refusal
from app.kit.ids import new_id
from app.settlement import actions
from app.settlement.tables import AccountRow, DepositRow, RefundRow
from tests.factories.identity import make_party
from tests.factories.settlement import (
    Finance,
    confirm,
    hold_deposit,
    make_arrival,
    make_deposit,
    make_finance,
)

Act = Callable[[AsyncSession], Awaitable[object]]

BALANCED = """
    SELECT (SELECT coalesce(sum(amount_minor), 0) FROM postings) AS total,
           (SELECT count(*) FROM (SELECT 1 FROM postings GROUP BY journal_id HAVING sum(amount_minor) <> 0) AS j) AS off,
           (SELECT count(*) FROM accounts a WHERE a.balance_minor <>
               (SELECT coalesce(sum(amount_minor), 0) FROM postings WHERE account_id = a.id)) AS drifted,
           (SELECT count(*) FROM deposits d LEFT JOIN accounts a ON a.deposit_id = d.id
            WHERE coalesce(-a.balance_minor, 0) <> CASE WHEN d.status = 'held' THEN d.amount_minor - d.divided_minor ELSE 0 END) AS loose,
           (SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE status <> 'sent')
               + (SELECT coalesce(sum(balance_minor), 0) FROM accounts WHERE kind = 'refund_payable') AS unpaid
"""


async def check_ledger(database: Database) -> None:
    """I-17 and I-18: all sums to zero, balances are the postings' sums, held is what the deposits say."""
    async with database.transaction() as session:
        row = (await session.execute(text(BALANCED))).one()
    assert (row.total, row.off, row.drifted, row.loose, row.unpaid) == (0, 0, 0, 0, 0)


async def attempt(database: Database, act: Act) -> str:
    try:
        async with database.transaction() as session:
            await act(session)
    except Refusal as refusal:
        return refusal.code
    return "done"


async def held(database: Database, count: int = 1) -> list[DepositRow]:
    async with database.transaction() as session:
        finance = await make_finance(session)
        return [await hold_deposit(session, await make_deposit(session), finance) for _ in range(count)]


async def state(database: Database, deposit: DepositRow) -> tuple[str, int]:
    async with database.transaction() as session:
        row = await session.get_one(DepositRow, deposit.id)
        refunds = await session.scalars(select(RefundRow).where(RefundRow.deposit_id == deposit.id))
        return row.status, len(refunds.all())


async def test_two_releases_at_once_have_one_effect(fresh_database: Database) -> None:
    (deposit,) = await held(fresh_database)

    async def release(session: AsyncSession) -> None:
        await actions.release(session, Clock(), reference_ids=[deposit.reference_id], reason="未竞得")

    told = await asyncio.gather(*(attempt(fresh_database, release) for _ in range(10)))
    assert told == ["done"] * 10
    assert await state(fresh_database, deposit) == ("released", 1)
    await check_ledger(fresh_database)


async def test_a_release_racing_an_application_and_a_forfeiture_has_one_winner(
    fresh_database: Database,
) -> None:
    deposits = await held(fresh_database, 6)
    async with fresh_database.transaction() as session:
        seller = await make_party(session)

    def release(d: DepositRow) -> Act:
        return lambda s: actions.release(s, Clock(), reference_ids=[d.reference_id], reason="未竞得")

    def apply(d: DepositRow) -> Act:
        return lambda s: actions.apply(
            s, Clock(), reference_id=d.reference_id, to_party_id=seller.id, contract_id=new_id()
        )

    def forfeit(d: DepositRow) -> Act:
        return lambda s: actions.forfeit(
            s, Clock(), reference_id=d.reference_id, decision_reference="决定1号", reason="悔拍"
        )

    for deposit in deposits:
        told = await asyncio.gather(
            *(attempt(fresh_database, make(deposit)) for make in (release, apply, forfeit))
        )
        assert sorted(told) == ["deposit_ended", "deposit_ended", "done"]
        status, refunds = await state(fresh_database, deposit)
        assert status == ("released", "applied", "forfeited")[told.index("done")]
        assert refunds == (1 if status == "released" else 0)
    await check_ledger(fresh_database)


async def test_an_arrival_racing_a_lapse_either_holds_or_goes_to_the_worklist(
    fresh_database: Database,
) -> None:
    for _ in range(5):
        async with fresh_database.transaction() as session:
            finance = await make_finance(session)
            deposit = await make_deposit(session)
            arrival = await make_arrival(session, finance, deposit)

        async def lapse(session: AsyncSession, d: DepositRow = deposit) -> None:
            await actions.lapse(session, Clock(), reference_ids=[d.reference_id])

        async def arrive(session: AsyncSession, f: Finance = finance, a: Any = arrival) -> None:
            await confirm(session, f, a)

        assert await asyncio.gather(attempt(fresh_database, lapse), attempt(fresh_database, arrive)) == [
            "done",
            "done",
        ]
        status, _ = await state(fresh_database, deposit)
        assert status in {"held", "lapsed"}
    await check_ledger(fresh_database)


async def test_overlapping_releases_in_any_order_neither_deadlock_nor_pay_twice(
    fresh_database: Database,
) -> None:
    deposits = await held(fresh_database, 12)
    shuffle = random.Random(7)

    def release_some() -> Act:
        some = [d.reference_id for d in shuffle.sample(deposits, 8)]
        return lambda s: actions.release(s, Clock(), reference_ids=some, reason="未竞得")

    told = await asyncio.gather(*(attempt(fresh_database, release_some()) for _ in range(20)))
    assert told == ["done"] * 20
    await check_ledger(fresh_database)
    async with fresh_database.transaction() as session:
        refunds = (await session.scalars(select(RefundRow.deposit_id))).all()
    assert len(refunds) == len(set(refunds))


async def test_two_confirmations_of_one_arrival_hold_once(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        finance = await make_finance(session)
        deposit = await make_deposit(session)
        arrival = await make_arrival(session, finance, deposit)

    async def arrive(session: AsyncSession) -> None:
        await confirm(session, finance, arrival)

    told = await asyncio.gather(*(attempt(fresh_database, arrive) for _ in range(5)))
    assert sorted(told) == ["done", *["stale_version"] * 4]
    await check_ledger(fresh_database)


async def test_a_posting_cannot_join_a_committed_journal(fresh_database: Database) -> None:
    await held(fresh_database)
    async with fresh_database.transaction() as session:
        made = await session.scalar(text("SELECT id FROM journals LIMIT 1"))
        account = await session.scalar(select(AccountRow.id).where(AccountRow.kind == "bank"))
    with pytest.raises(DBAPIError, match="one transaction"):
        async with fresh_database.transaction() as session:
            await session.execute(
                text(
                    "INSERT INTO postings (journal_id, account_id, amount_minor)"
                    " VALUES (:journal, :account, 5), (:journal, :account, -5)"
                ),
                {"journal": made, "account": account},
            )


@pytest.mark.parametrize("seed", range(4))
async def test_the_ledger_balances_under_any_sequence_of_acts(fresh_database: Database, seed: int) -> None:
    chance = random.Random(seed)
    async with fresh_database.transaction() as session:
        finance = await make_finance(session)
        seller = await make_party(session)
        deposits = [await make_deposit(session, amount_minor=chance.randint(1, 10**9)) for _ in range(6)]

    async def act(session: AsyncSession) -> None:
        d = await session.get_one(DepositRow, chance.choice(deposits).id)
        reference = d.reference_id
        amount = max(1, d.amount_minor + chance.choice([-1, 0, 0, 0, 5]))
        acts: list[Callable[[], Coroutine[Any, Any, object]]] = [
            lambda: pay(session, finance, d, amount),
            lambda: pay(session, finance, d, amount),
            lambda: pay_and_undo(session, finance, d, chance.random() < 0.5),
            lambda: actions.release(session, Clock(), reference_ids=[reference], reason="x"),
            lambda: actions.lapse(session, Clock(), reference_ids=[reference]),
            lambda: actions.apply(
                session,
                Clock(),
                reference_id=reference,
                to_party_id=seller.id,
                contract_id=new_id(),
                price_minor=chance.choice([None, 0, 1, 10**9]),
            ),
            lambda: actions.forfeit(
                session, Clock(), reference_id=reference, decision_reference="d", reason="x"
            ),
            lambda: send_a_refund(session, finance),
            lambda: actions.divide(
                session,
                Clock(),
                reference_id=reference,
                into_reference_id=new_id(),
                amount_minor=max(1, d.amount_minor // 3),
                reason="x",
            ),
        ]
        await chance.choice(acts)()

    told = [await attempt(fresh_database, act) for _ in range(60)]
    assert "done" in told
    await check_ledger(fresh_database)


async def pay(session: AsyncSession, finance: Finance, deposit: DepositRow, amount_minor: int) -> None:
    await confirm(session, finance, await make_arrival(session, finance, deposit, amount_minor=amount_minor))


async def pay_and_undo(session: AsyncSession, finance: Finance, deposit: DepositRow, back: bool) -> None:
    arrival = await make_arrival(session, finance, deposit, payer_name="别人")
    await confirm(session, finance, arrival)
    decide = actions.return_arrival if back else actions.refuse_arrival
    await decide(
        session,
        Clock(),
        actor=finance.checker.actor,
        arrival_id=arrival.id,
        version=arrival.version,
        reason="x",
    )


async def send_a_refund(session: AsyncSession, finance: Finance) -> None:
    refund = (await session.scalars(select(RefundRow).where(RefundRow.status == "payable").limit(1))).first()
    if refund is None:
        return
    await actions.order_refund(
        session,
        actor=finance.maker.actor,
        refund_id=refund.id,
        version=refund.version,
        bank_reference=new_id().hex,
    )
    await actions.confirm_refund(
        session, Clock(), actor=finance.checker.actor, refund_id=refund.id, version=refund.version
    )
