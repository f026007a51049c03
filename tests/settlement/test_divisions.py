"""Part of a deposit taken out into a deposit of its own: what a session's unit becomes when it wins a lot."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.session import Database
from app.kit.ids import new_id
from app.settlement import actions
from app.settlement.errors import DepositEnded, DepositNotHeld, DepositTooSmall
from app.settlement.tables import DepositRow, RefundRow
from tests.factories.settlement import hold_deposit, make_deposit
from tests.settlement.test_actions import held_account, told
from tests.settlement.test_races import attempt, check_ledger

UNIT = 5_000_000


async def divide(session: AsyncSession, deposit: DepositRow, amount_minor: int = UNIT) -> DepositRow:
    return await actions.divide(
        session,
        Clock(),
        reference_id=deposit.reference_id,
        into_reference_id=new_id(),
        amount_minor=amount_minor,
        reason="竞得标的",
    )


async def refunds(session: AsyncSession, deposit: DepositRow) -> list[int]:
    owed = select(RefundRow.amount_minor).where(RefundRow.deposit_id == deposit.id)
    return list(await session.scalars(owed))


async def test_a_unit_becomes_a_held_deposit_of_the_same_payer(session: AsyncSession) -> None:
    deposit = await hold_deposit(session, await make_deposit(session, amount_minor=3 * UNIT))
    unit = await divide(session, deposit)
    assert (unit.status, unit.amount_minor, unit.payer_party_id) == ("held", UNIT, deposit.payer_party_id)
    assert (deposit.status, deposit.amount_minor, deposit.left_minor) == ("held", 3 * UNIT, 2 * UNIT)
    assert await held_account(session, deposit) == -2 * UNIT
    assert await held_account(session, unit) == -UNIT
    assert await told(session, deposit) == ["deposit_required", "deposit_held", "deposit_divided"]


async def test_what_is_left_goes_back_and_the_unit_stays(session: AsyncSession) -> None:
    deposit = await hold_deposit(session, await make_deposit(session, amount_minor=3 * UNIT))
    unit = await divide(session, deposit)
    await actions.release(session, Clock(), reference_ids=[deposit.reference_id], reason="专场结束")
    assert await refunds(session, deposit) == [2 * UNIT]
    assert (unit.status, await held_account(session, deposit), await held_account(session, unit)) == (
        "held",
        0,
        -UNIT,
    )


async def test_a_deposit_that_is_used_up_ends_without_a_refund(session: AsyncSession) -> None:
    deposit = await hold_deposit(session, await make_deposit(session, amount_minor=UNIT))
    await divide(session, deposit)
    await actions.release(session, Clock(), reference_ids=[deposit.reference_id], reason="专场结束")
    assert (deposit.status, await refunds(session, deposit)) == ("released", [])


async def test_a_unit_that_won_counts_towards_its_price(session: AsyncSession) -> None:
    deposit = await hold_deposit(session, await make_deposit(session, amount_minor=2 * UNIT))
    unit = await divide(session, deposit)
    seller = (await make_deposit(session)).payer_party_id
    await actions.apply(
        session, Clock(), reference_id=unit.reference_id, to_party_id=seller, contract_id=new_id()
    )
    assert (unit.status, deposit.status) == ("applied", "held")


async def test_no_more_is_divided_off_than_is_left(session: AsyncSession) -> None:
    deposit = await hold_deposit(session, await make_deposit(session, amount_minor=UNIT))
    with pytest.raises(DepositTooSmall):
        await divide(session, deposit, UNIT + 1)


async def test_what_is_not_held_cannot_be_divided(session: AsyncSession) -> None:
    deposit = await make_deposit(session, amount_minor=UNIT)
    with pytest.raises(DepositNotHeld):
        await divide(session, deposit)
    await actions.lapse(session, Clock(), reference_ids=[deposit.reference_id])
    with pytest.raises(DepositEnded):
        await divide(session, deposit)


async def test_divisions_racing_a_release_never_divide_more_than_there_was(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        deposit = await hold_deposit(session, await make_deposit(session, amount_minor=3 * UNIT))

    async def take(session: AsyncSession) -> None:
        await divide(session, deposit)

    async def give_back(session: AsyncSession) -> None:
        await actions.release(session, Clock(), reference_ids=[deposit.reference_id], reason="专场结束")

    acts = [take, take, give_back, take, take, take]
    told = await asyncio.gather(*(attempt(fresh_database, act) for act in acts))
    taken = sum(answer == "done" for act, answer in zip(acts, told, strict=True) if act is take)
    assert taken <= 3
    async with fresh_database.transaction() as session:
        row = await session.get_one(DepositRow, deposit.id)
        assert (row.divided_minor, row.status) == (taken * UNIT, "released")
    await check_ledger(fresh_database)
