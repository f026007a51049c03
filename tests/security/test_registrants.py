"""Who has registered, and how many, is for those who qualify and those who count the money; each look is written down."""

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.tables import UserRow
from app.settlement.tables import DepositReadRow, DepositRow
from tests.factories import markets
from tests.factories.identity import make_member
from tests.factories.settlement import confirm, make_arrival, make_deposit, make_finance


async def test_every_way_to_a_payers_name_is_written_down(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        finance = await make_finance(session)
        entered = await make_deposit(session)
        waiting = await make_arrival(session, finance, entered)
        paid = await make_deposit(session)
        excess = await make_arrival(session, finance, paid, amount_minor=paid.amount_minor + 100)
        await confirm(session, finance, excess)
        auditor = await make_member(session, Role.AUDITOR)
    calls = {
        f"/v1/bank-arrivals/{waiting.id}": {entered.id},
        f"/v1/bank-arrivals/{excess.id}": {paid.id},
        "/v1/bank-arrivals": {entered.id, paid.id},
        "/v1/refunds": {paid.id},
        "/v1/ledger/accounts": {paid.id},
        "/v1/deposits": {entered.id, paid.id},
    }
    for seen, (path, named) in enumerate(calls.items(), start=1):
        assert (await client.get(path, headers=auditor.headers)).status_code == 200
        async with database.session() as session:
            rows = (
                await session.scalars(
                    select(DepositReadRow)
                    .where(DepositReadRow.user_id == auditor.user_id)
                    .order_by(DepositReadRow.id)
                )
            ).all()
        assert len(rows) == seen, path
        assert set(rows[-1].deposit_ids) == named, path


async def test_from_his_own_numbers_nobody_counts_who_came_between(session: AsyncSession) -> None:
    market = await markets.make_market(session)
    listed = await markets.make_listed(session, market)
    rows = [await markets.register(session, listed.id, await markets.make_buyer(session)) for _ in range(8)]
    deposits = (
        await session.scalars(
            select(DepositRow.number).where(DepositRow.reference_id.in_([row.id for row in rows]))
        )
    ).all()
    for numbers in ([row.number for row in rows], deposits):
        serials = sorted(int(number[8:]) for number in numbers)
        # Eight of a hundred million: two neighbours within a thousand come once in some two thousand runs.
        assert serials[-1] - serials[0] > 1_000
        assert serials != list(range(serials[0], serials[0] + 8))


async def test_a_statement_that_fails_is_told_without_its_values(session: AsyncSession) -> None:
    session.add(UserRow(login="canary-login@example.cn", name="金丝雀\x00"))
    with pytest.raises(DBAPIError) as told:
        await session.flush()
    assert "canary" not in str(told.value)
