"""What a process remembers of credentials ends with them: at once where it is told, in two seconds where it is not."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.config import Settings
from app.db.session import Database
from app.identity import badges
from app.identity.permissions import Role
from app.kit.ids import new_id
from app.main import create_app
from tests.factories.identity import Member, SignedIn, make_member, make_signed_in

BID = {"amount": "2000000.00"}


async def bid(client: httpx.AsyncClient, headers: dict[str, str]) -> tuple[int, str]:
    """A bid on a sale that does not exist: whoever may bid at all learns just that."""
    answer = await client.post(
        f"/v1/auctions/{new_id()}/bids", json=BID, headers=headers | {"Idempotency-Key": new_id().hex}
    )
    return answer.status_code, answer.json()["code"]


@pytest.fixture
async def member(database: Database) -> Member:
    async with database.transaction() as session:
        return await make_member(session, Role.ENTERPRISE_USER, Role.ORG_LEADER)


@pytest.fixture
async def browser(database: Database) -> SignedIn:
    async with database.transaction() as session:
        return await make_signed_in(session, Role.ENTERPRISE_USER)


async def test_a_revoked_key_bids_no_more_from_the_next_request_on(
    client: httpx.AsyncClient, member: Member
) -> None:
    assert await bid(client, member.headers) == (404, "not_found")
    revoked = await client.delete(f"/v1/api-keys/{member.actor.credential_id}", headers=member.headers)
    assert revoked.status_code == 204
    assert await bid(client, member.headers) == (401, "credential_invalid")


async def test_a_session_that_is_signed_out_bids_no_more_from_the_next_request_on(
    client: httpx.AsyncClient, browser: SignedIn
) -> None:
    assert await bid(client, browser.headers) == (404, "not_found")
    assert (await client.delete("/v1/session", headers=browser.headers)).status_code == 204
    assert await bid(client, browser.headers) == (401, "unauthenticated")


async def test_another_process_forgets_a_revoked_key_when_it_is_told(
    client: httpx.AsyncClient, settings: Settings, database: Database, member: Member
) -> None:
    other: FastAPI = create_app(settings, database=database)
    async with other.router.lifespan_context(other):
        transport = httpx.ASGITransport(app=other)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as elsewhere:
            assert await bid(elsewhere, member.headers) == (404, "not_found")
            await client.delete(f"/v1/api-keys/{member.actor.credential_id}", headers=member.headers)
            for _ in range(100):
                found = await bid(elsewhere, member.headers)
                if found == (401, "credential_invalid"):
                    break
                await asyncio.sleep(0.01)
            assert found == (401, "credential_invalid")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("UPDATE api_keys SET revoked_at = clock_timestamp() WHERE user_id = :user", "credential_invalid"),
        ("UPDATE users SET disabled_at = clock_timestamp() WHERE id = :user", "credential_invalid"),
        ("UPDATE memberships SET roles = '{researcher}' WHERE user_id = :user", "permission_missing"),
        ("UPDATE parties SET status = 'refused' WHERE id = :party", "party_not_reviewed"),
    ],
)
async def test_a_change_that_nobody_announced_counts_after_two_seconds_at_the_latest(
    client: httpx.AsyncClient, database: Database, member: Member, change: str, refusal: str
) -> None:
    assert badges.GOOD_SECONDS == 2.0
    assert await bid(client, member.headers) == (404, "not_found")
    async with database.transaction() as session:
        ids = {"user": member.user_id, "party": member.party_id}
        await session.execute(text(change), {name: ids[name] for name in ids if f":{name}" in change})
    await asyncio.sleep(badges.GOOD_SECONDS)
    assert (await bid(client, member.headers))[1] == refusal


async def test_a_cookie_bids_only_with_its_pages_token_also_while_it_is_remembered(
    client: httpx.AsyncClient, browser: SignedIn
) -> None:
    assert await bid(client, browser.headers) == (404, "not_found")
    bare = {name: value for name, value in browser.headers.items() if name != "X-CSRF-Token"}
    assert await bid(client, bare) == (403, "csrf_token_invalid")
    foreign = browser.headers | {"Origin": "http://evil.example.cn"}
    assert await bid(client, foreign) == (403, "origin_foreign")
