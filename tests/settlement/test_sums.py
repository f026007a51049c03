"""Amounts as large as they may be, and what they come to."""

import httpx
from sqlalchemy import text

from app.db.session import Database
from app.kit.money import FEN_MAX, yuan
from tests.factories.settlement import confirm, make_arrival, make_deposit, make_finance


async def test_sums_longer_than_any_amount_are_told_exactly(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        finance = await make_finance(session)
        for _ in range(3):
            deposit = await make_deposit(session, amount_minor=FEN_MAX)
            await confirm(session, finance, await make_arrival(session, finance, deposit))
        stranger = await make_arrival(session, finance, amount_minor=FEN_MAX)
        await confirm(session, finance, stranger)
    told = await client.get("/v1/ledger/trial-balance", headers=finance.maker.headers)
    assert told.status_code == 200, told.text
    assert told.json()["debits"]["amount"] == yuan(4 * FEN_MAX) == "399999999999999.96"
    assert told.json()["balanced"] is True
    accounts = await client.get("/v1/ledger/accounts", headers=finance.maker.headers)
    assert "399999999999999.96" in {row["balance"]["amount"] for row in accounts.json()["data"]}
    bank = next(row for row in accounts.json()["data"] if row["kind"] == "bank")
    statement = await client.get(f"/v1/ledger/accounts/{bank['id']}/postings", headers=finance.maker.headers)
    assert statement.json()["data"][-1]["balance"]["amount"] == "399999999999999.96"


async def test_what_no_account_can_hold_is_refused_and_moves_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        finance = await make_finance(session)
        arrival = await make_arrival(session, finance, amount_minor=FEN_MAX)
        # A bank account there must be; then it is as full as a column can be.
        await confirm(session, finance, await make_arrival(session, finance))
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(
            text("UPDATE accounts SET balance_minor = 9223372036854775000 WHERE kind = 'bank'")
        )
    answer = await client.post(
        f"/v1/bank-arrivals/{arrival.id}/confirmation",
        headers=finance.checker.headers | {"Idempotency-Key": arrival.id.hex, "If-Match": '"v1"'},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "out_of_range")
    told = await client.get(f"/v1/bank-arrivals/{arrival.id}", headers=finance.maker.headers)
    assert told.json()["status"] == "entered"
