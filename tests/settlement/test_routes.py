"""Deposits, arrivals, refunds and the ledger over HTTP: who may, what is answered, what is not told."""

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.session import Database
from app.identity.permissions import Role
from app.identity.tables import PartyRow
from app.kit.dates import wire
from app.kit.ids import new_id
from app.settlement import actions
from app.settlement.tables import DepositReadRow, DepositRow, RefundRow
from tests.factories.identity import Member, make_member
from tests.factories.settlement import Finance, hold_deposit, make_deposit, make_finance


def keyed(member: Member, etag: str | None = None) -> dict[str, str]:
    """A member's headers with a fresh key, and the version that he has seen."""
    seen = {"If-Match": etag} if etag else {}
    return member.headers | {"Idempotency-Key": new_id().hex} | seen


async def statement_line(
    session: AsyncSession, deposit: DepositRow, amount: str = "200000.00"
) -> dict[str, str]:
    payer = await session.get_one(PartyRow, deposit.payer_party_id)
    return {
        "bank_reference": new_id().hex,
        "payer_name": payer.name,
        "amount": amount,
        "posted_at": wire(await Clock().read(session)),
        "remittance_note": f"保证金{deposit.number}",
    }


async def world(database: Database) -> tuple[DepositRow, Finance, Member, dict[str, str]]:
    """A committed deposit, two finance people, its payer, and the bank's line that would hold it."""
    async with database.transaction() as session:
        payer = await make_member(session, Role.ENTERPRISE_USER)
        deposit = await make_deposit(session, party_id=payer.party_id)
        return deposit, await make_finance(session), payer, await statement_line(session, deposit)


async def test_an_arrival_is_entered_by_one_and_confirmed_by_another_and_holds_the_deposit(
    client: httpx.AsyncClient, database: Database
) -> None:
    deposit, finance, payer, line = await world(database)
    entered = await client.post("/v1/bank-arrivals", json=line, headers=keyed(finance.maker))
    assert entered.status_code == 201, entered.text
    path, etag = entered.headers["location"], entered.headers["etag"]
    assert (entered.json()["status"], entered.json()["region_code"]) == ("entered", "330106")
    assert entered.json()["entered_by"] == str(finance.maker.user_id)

    same = await client.post(f"{path}/confirmation", headers=keyed(finance.maker, etag))
    assert (same.status_code, same.json()["code"]) == (403, "second_person_needed")
    assert (await client.get(f"/v1/deposits/{deposit.id}", headers=payer.headers)).json()[
        "status"
    ] == "required"

    confirmed = await client.post(f"{path}/confirmation", headers=keyed(finance.checker, etag))
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json()["status"] == "matched"
    assert confirmed.json()["deposit_number"] == deposit.number
    mine = await client.get(f"/v1/deposits/{deposit.id}", headers=payer.headers)
    assert (mine.json()["status"], mine.json()["amount"]) == (
        "held",
        {"amount": "200000.00", "currency": "CNY"},
    )


async def test_a_repeat_of_a_confirmation_under_its_key_is_one_effect_and_one_answer(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, finance, _, line = await world(database)
    entered = await client.post("/v1/bank-arrivals", json=line, headers=keyed(finance.maker))
    headers = keyed(finance.checker, entered.headers["etag"])
    path = f"{entered.headers['location']}/confirmation"
    first, again = await client.post(path, headers=headers), await client.post(path, headers=headers)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"


async def test_money_insists_on_a_key_and_on_the_version_that_was_seen(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, finance, _, line = await world(database)
    bare = await client.post("/v1/bank-arrivals", json=line, headers=finance.maker.headers)
    assert (bare.status_code, bare.json()["code"]) == (422, "idempotency_key_missing")
    entered = await client.post("/v1/bank-arrivals", json=line, headers=keyed(finance.maker))
    path = f"{entered.headers['location']}/confirmation"
    blind = await client.post(path, headers=keyed(finance.checker))
    assert (blind.status_code, blind.json()["code"]) == (428, "if_match_missing")
    stale = await client.post(path, headers=keyed(finance.checker, '"v9"'))
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


async def test_malformed_lines_are_refused_by_field_and_nothing_is_stored(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, finance, _, line = await world(database)
    for field, wrong in {
        "amount": "0.00",
        "posted_at": "0001-01-01T00:00:00+14:00",
        "bank_reference": "含汉字",
        "payer_name": "",
        "remittance_note": "a\x00b",
    }.items():
        answer = await client.post(
            "/v1/bank-arrivals", json=line | {field: wrong}, headers=keyed(finance.maker)
        )
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/body/{field}")
    future = await client.post(
        "/v1/bank-arrivals",
        json=line | {"posted_at": "9999-12-31T23:59:59-12:00"},
        headers=keyed(finance.maker),
    )
    assert (future.status_code, future.json()["code"]) == (422, "arrival_in_future")
    ok = await client.post("/v1/bank-arrivals", json=line, headers=keyed(finance.maker))
    assert ok.status_code == 201
    twice = await client.post("/v1/bank-arrivals", json=line, headers=keyed(finance.maker))
    assert (twice.status_code, twice.json()["code"]) == (409, "arrival_known")


async def test_only_finance_enters_and_reads_arrivals_and_nobody_else_sees_the_ledger(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, _, payer, line = await world(database)
    async with database.transaction() as session:
        operator = await make_member(session, Role.OPERATOR)
        scoped = await make_member(session, Role.FINANCE, region_scope="330100")
    for member in (payer, operator):
        refused = await client.post("/v1/bank-arrivals", json=line, headers=keyed(member))
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
        for path in ("/v1/bank-arrivals", "/v1/ledger/trial-balance", "/v1/ledger/accounts"):
            assert (await client.get(path, headers=member.headers)).status_code == 403
    assert (await client.get("/v1/bank-arrivals")).status_code == 401
    whole = await client.get("/v1/ledger/trial-balance", headers=scoped.headers)
    assert (whole.status_code, whole.json()["code"]) == (403, "ledger_needs_whole_scope")


async def test_a_deposit_is_seen_by_its_payer_and_finance_and_staff_reads_are_logged(
    client: httpx.AsyncClient, database: Database
) -> None:
    deposit, finance, payer, _ = await world(database)
    async with database.transaction() as session:
        rival = await make_member(session, Role.ENTERPRISE_USER)
        elsewhere = await make_member(session, Role.FINANCE, region_scope="330300")
    path, reference = f"/v1/deposits/{deposit.id}", {"reference_id": str(deposit.reference_id)}
    for stranger in (rival, elsewhere):
        hidden = await client.get(path, headers=stranger.headers)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "deposit_not_found")
        listed = await client.get("/v1/deposits", params=reference, headers=stranger.headers)
        assert listed.json()["data"] == []
    for reader in (payer, finance.maker):
        assert (await client.get(path, headers=reader.headers)).headers["etag"] == '"v1"'
        listed = await client.get("/v1/deposits", params=reference, headers=reader.headers)
        assert [row["id"] for row in listed.json()["data"]] == [str(deposit.id)]
    async with database.transaction() as session:
        reads = (
            await session.scalars(
                select(DepositReadRow).where(DepositReadRow.deposit_ids.contains([deposit.id]))
            )
        ).all()
    assert [read.user_id for read in reads] == [finance.maker.user_id] * 2


async def test_a_list_pages_without_gap_or_repeat(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        payer = await make_member(session, Role.ENTERPRISE_USER)
        made = [(await make_deposit(session, party_id=payer.party_id)).id for _ in range(5)]
    seen: list[str] = []
    params: dict[str, str | int] = {"limit": 2}
    while True:
        page = (await client.get("/v1/deposits", params=params, headers=payer.headers)).json()
        seen += [row["id"] for row in page["data"]]
        if not page["has_more"]:
            break
        params["cursor"] = page["next_cursor"]
    assert seen == [str(i) for i in reversed(made)]
    forged = await client.get(
        "/v1/deposits", params={"cursor": params["cursor"], "status": "held"}, headers=payer.headers
    )
    assert (forged.status_code, forged.json()["code"]) == (422, "cursor_invalid")


async def test_a_refund_is_ordered_by_one_and_confirmed_by_another_and_then_leaves_the_bank(
    client: httpx.AsyncClient, database: Database
) -> None:
    deposit, finance, payer, _ = await world(database)
    async with database.transaction() as session:
        await hold_deposit(session, await session.get_one(DepositRow, deposit.id), finance)
        await actions.release(session, Clock(), reference_ids=[deposit.reference_id], reason="未竞得")
        refund_id = (
            await session.scalars(select(RefundRow.id).where(RefundRow.deposit_id == deposit.id))
        ).one()
    path = f"/v1/refunds/{refund_id}"
    mine = await client.get(path, headers=payer.headers)
    assert (mine.json()["status"], mine.json()["amount"]["amount"]) == ("payable", "200000.00")

    early = await client.post(f"{path}/confirmation", headers=keyed(finance.checker, mine.headers["etag"]))
    assert (early.status_code, early.json()["code"]) == (409, "illegal_transition")
    order = {"bank_reference": new_id().hex}
    ordered = await client.post(
        f"{path}/order", json=order, headers=keyed(finance.maker, mine.headers["etag"])
    )
    assert ordered.json()["status"] == "ordered"
    same = await client.post(f"{path}/confirmation", headers=keyed(finance.maker, ordered.headers["etag"]))
    assert (same.status_code, same.json()["code"]) == (403, "second_person_needed")
    recalled = await client.post(f"{path}/recall", headers=keyed(finance.maker, ordered.headers["etag"]))
    assert (recalled.json()["status"], recalled.json()["bank_reference"]) == ("payable", None)
    ordered = await client.post(
        f"{path}/order", json=order, headers=keyed(finance.maker, recalled.headers["etag"])
    )
    sent = await client.post(f"{path}/confirmation", headers=keyed(finance.checker, ordered.headers["etag"]))
    assert (sent.status_code, sent.json()["status"]) == (200, "sent")

    accounts = await client.get(
        "/v1/ledger/accounts", params={"kind": "refund_payable", "limit": 200}, headers=finance.maker.headers
    )
    (account,) = [a for a in accounts.json()["data"] if a["party_id"] == str(payer.party_id)]
    assert account["balance"]["amount"] == "0.00"
    statement = await client.get(
        f"/v1/ledger/accounts/{account['id']}/postings", headers=finance.maker.headers
    )
    assert [
        (line["kind"], line["side"], line["amount"]["amount"], line["balance"]["amount"])
        for line in statement.json()["data"]
    ] == [
        ("deposit_released", "credit", "200000.00", "200000.00"),
        ("refund_sent", "debit", "200000.00", "0.00"),
    ]


async def test_the_trial_balance_balances(client: httpx.AsyncClient, database: Database) -> None:
    deposit, finance, _, _ = await world(database)
    async with database.transaction() as session:
        await hold_deposit(session, await session.get_one(DepositRow, deposit.id), finance)
    told = (await client.get("/v1/ledger/trial-balance", headers=finance.maker.headers)).json()
    assert told["balanced"] is True
    assert told["debits"] == told["credits"]
    assert {line["kind"]: line["side"] for line in told["data"]}["bank"] == "debit"
    missing = await client.get(f"/v1/ledger/accounts/{new_id()}/postings", headers=finance.maker.headers)
    assert (missing.status_code, missing.json()["code"]) == (404, "account_not_found")


async def test_an_exception_is_returned_over_http_with_a_reason(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, finance, _, line = await world(database)
    entered = await client.post(
        "/v1/bank-arrivals", json=line | {"payer_name": "集团财务有限公司"}, headers=keyed(finance.maker)
    )
    path = entered.headers["location"]
    told = await client.post(f"{path}/confirmation", headers=keyed(finance.checker, entered.headers["etag"]))
    assert (told.json()["status"], told.json()["exception"]) == ("exception", "payer_name_differs")
    worklist = await client.get(
        "/v1/bank-arrivals", params={"status": "exception"}, headers=finance.maker.headers
    )
    assert told.json()["id"] in [row["id"] for row in worklist.json()["data"]]
    back = await client.post(
        f"{path}/return", json={"reason": "第三方代付"}, headers=keyed(finance.checker, told.headers["etag"])
    )
    assert (back.status_code, back.json()["status"]) == (200, "returned")
    gone = await client.post(
        f"{path}/refusal", json={"reason": "再拒"}, headers=keyed(finance.checker, back.headers["etag"])
    )
    assert (gone.status_code, gone.json()["code"]) == (409, "illegal_transition")


async def test_a_wrong_method_names_every_right_one(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/v1/bank-arrivals")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    answer = await client.delete(f"/v1/refunds/{new_id()}/order")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
