"""One request, one transaction, committed before the answer: and what happens when it cannot be."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import text

from app.config import Settings
from app.db.session import Database
from app.http.etags import check_version
from app.http.session import Session, TransactionalRoute
from app.identity.access import IdempotencyRequired, Idempotent
from app.identity.permissions import Role
from app.kit.errors import Conflict
from app.kit.schemas import Input, Output
from app.main import create_app
from app.worker import Worker
from tests.factories.identity import Member, make_member

router = APIRouter(prefix="/v1/probe", route_class=TransactionalRoute)

# A constraint trigger that is checked at COMMIT only, and refuses the number 13.
SETUP = (
    "DROP TABLE IF EXISTS probe",
    "CREATE TABLE probe (number integer PRIMARY KEY)",
    (
        "CREATE OR REPLACE FUNCTION probe_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.number = 13 THEN RAISE EXCEPTION 'at commit'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE CONSTRAINT TRIGGER probe_refuse AFTER INSERT ON probe DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION probe_refuse()"
    ),
)


class ProbeIn(Input):
    """A number to store."""

    number: int
    refuse: bool = False
    wait_seconds: float = 0
    version_seen: int = 2


class ProbeOut(Output):
    """The number that was stored."""

    number: int


@router.post("", status_code=201, dependencies=[Idempotent])
async def store(body: ProbeIn, session: Session) -> ProbeOut:
    await session.execute(text("INSERT INTO probe VALUES (:number)"), {"number": body.number})
    await asyncio.sleep(body.wait_seconds)
    check_version(2, body.version_seen)
    if body.refuse:
        raise Conflict("按要求拒绝", "Refused as asked")
    return ProbeOut(number=body.number)


@router.post("/money", status_code=201, dependencies=[IdempotencyRequired])
async def store_money(body: ProbeIn, session: Session) -> ProbeOut:
    return await store(body, session)


@pytest.fixture
async def probe(settings: Settings, database: Database) -> AsyncIterator[FastAPI]:
    async with database.transaction() as session:
        for statement in SETUP:
            await session.execute(text(statement))
    app = create_app(settings, database=database)
    app.router.routes.insert(0, router.routes[0])
    app.router.routes.insert(0, router.routes[1])
    async with app.router.lifespan_context(app):
        yield app
    async with database.transaction() as session:
        await session.execute(text("DROP TABLE probe"))
        await session.execute(text("DROP FUNCTION probe_refuse"))


@pytest.fixture
async def caller(probe: FastAPI, database: Database) -> AsyncIterator[tuple[httpx.AsyncClient, Member]]:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
    transport = httpx.ASGITransport(app=probe, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://testserver", headers=member.headers
    ) as client:
        yield client, member


async def _stored(database: Database) -> list[int]:
    async with database.transaction() as session:
        return list((await session.execute(text("SELECT number FROM probe ORDER BY 1"))).scalars())


Caller = tuple[httpx.AsyncClient, Member]


async def test_a_commit_that_fails_is_never_answered_as_success(caller: Caller, database: Database) -> None:
    answer = await caller[0].post("/v1/probe", json={"number": 13})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_fault"
    assert "at commit" not in answer.text
    assert await _stored(database) == []


async def test_a_failed_commit_keeps_no_answer_for_its_key(caller: Caller, database: Database) -> None:
    headers = {"Idempotency-Key": "a-commit-that-fails"}
    await caller[0].post("/v1/probe", json={"number": 13}, headers=headers)
    again = await caller[0].post("/v1/probe", json={"number": 14}, headers=headers)
    assert (again.status_code, "idempotency-replayed" in again.headers) == (201, False)


async def test_the_same_key_twenty_times_at_once_has_one_effect(caller: Caller, database: Database) -> None:
    body, headers = {"number": 20, "wait_seconds": 0.05}, {"Idempotency-Key": "twenty-times-at-once"}
    answers = await asyncio.gather(
        *(caller[0].post("/v1/probe", json=body, headers=headers) for _ in range(20))
    )
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, '{"number":20}')}
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 19
    assert await _stored(database) == [20]


async def test_a_refusal_is_kept_with_its_key_and_leaves_nothing_else(
    caller: Caller, database: Database
) -> None:
    headers = {"Idempotency-Key": "refused-and-kept"}
    body = {"number": 30, "refuse": True}
    first = await caller[0].post("/v1/probe", json=body, headers=headers)
    again = await caller[0].post("/v1/probe", json=body, headers=headers)
    assert (first.status_code, first.json()["code"]) == (409, "conflict")
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert await _stored(database) == []


async def test_an_overtaken_version_is_not_kept_so_the_same_intent_can_be_sent_again(caller: Caller) -> None:
    headers = {"Idempotency-Key": "overtaken-then-right"}
    body = {"number": 35, "version_seen": 1}
    late = await caller[0].post("/v1/probe", json=body, headers=headers)
    again = await caller[0].post("/v1/probe", json=body, headers=headers)
    assert [(a.status_code, "idempotency-replayed" in a.headers) for a in (late, again)] == [(412, False)] * 2


async def test_malformed_input_is_not_kept_so_the_key_can_be_used_again(caller: Caller) -> None:
    headers = {"Idempotency-Key": "malformed-then-right"}
    wrong = await caller[0].post("/v1/probe", json={"number": "x"}, headers=headers)
    right = await caller[0].post("/v1/probe", json={"number": 40}, headers=headers)
    assert (wrong.status_code, right.status_code) == (422, 201)


async def test_a_call_that_moves_money_insists_on_a_key(caller: Caller, database: Database) -> None:
    answer = await caller[0].post("/v1/probe/money", json={"number": 50})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_missing")
    assert answer.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"
    assert await _stored(database) == []


@pytest.mark.parametrize("key", ["short", "x" * 129, "with space in it", "钥匙钥匙钥匙钥匙"])
async def test_a_key_of_another_form_is_refused(caller: Caller, key: str) -> None:
    answer = await caller[0].post(
        "/v1/probe", json={"number": 51}, headers=[(b"Idempotency-Key", key.encode())]
    )
    assert answer.status_code == 422


async def test_the_same_key_of_two_people_is_two_keys(
    caller: Caller, probe: FastAPI, database: Database
) -> None:
    async with database.transaction() as session:
        other = await make_member(session, Role.ENTERPRISE_USER)
    headers = {"Idempotency-Key": "everybodys-favourite-key"}
    mine = await caller[0].post("/v1/probe", json={"number": 60}, headers=headers)
    theirs = await caller[0].post("/v1/probe", json={"number": 61}, headers=headers | other.headers)
    assert (mine.json(), theirs.json()) == ({"number": 60}, {"number": 61})


async def test_a_key_is_forgotten_after_thirty_days_of_real_time(
    caller: Caller, database: Database, worker: Worker
) -> None:
    for number, key in ((70, "an-old-key-of-mine"), (71, "a-young-key-of-mine")):
        await caller[0].post("/v1/probe", json={"number": number}, headers={"Idempotency-Key": key})
    async with database.transaction() as session:
        await session.execute(
            text(
                "UPDATE idempotency_keys SET created_at = clock_timestamp() - interval '30 days 1 second'"
                " WHERE key = 'an-old-key-of-mine'"
            )
        )
    await worker.drain()
    async with database.transaction() as session:
        kept = set((await session.execute(text("SELECT key FROM idempotency_keys"))).scalars())
    assert "a-young-key-of-mine" in kept
    assert "an-old-key-of-mine" not in kept


async def test_no_connection_is_left_out_of_the_pool(caller: Caller, database: Database) -> None:
    await asyncio.gather(*(caller[0].post("/v1/probe", json={"number": n}) for n in range(100, 140)))
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # the queue pool has it


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b'{"number": 1, "other": 2}', "/body/other"),
        (b'{"number": 1e400}', None),
        (b'{"number": NaN}', None),
        (b"[" * 100_000, None),
        (b'{"number": "\\u0000"}', "/body/number"),
        (b'{"number": "\\ud800"}', "/body/number"),
    ],
    ids=["empty", "cut off", "array", "extra", "huge", "nan", "deep", "nul", "surrogate"],
)
async def test_malformed_bodies_are_named_and_never_a_fault(
    caller: Caller, content: bytes, kind: str | None
) -> None:
    answer = await caller[0].post("/v1/probe", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    if kind:
        assert kind in {error["pointer"] for error in answer.json()["errors"]}


async def test_a_body_over_the_limit_is_refused_by_its_length_and_by_its_bytes(caller: Caller) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 32_768

    named = await caller[0].post("/v1/probe", content=b" " * 1_048_577)
    unnamed = await caller[0].post("/v1/probe", content=pieces())
    assert [(a.status_code, a.json()["code"]) for a in (named, unnamed)] == [(413, "body_too_large")] * 2
    assert named.json()["limit_bytes"] == 1_048_576


async def test_every_answer_carries_a_request_id_and_the_security_headers(caller: Caller) -> None:
    answer = await caller[0].get("/v1/time", headers={"X-Request-ID": "a-request-of-mine"})
    assert answer.headers["x-request-id"] == "a-request-of-mine"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    evil = await caller[0].get("/v1/time", headers={"X-Request-ID": "x" * 65})
    assert evil.headers["x-request-id"] != "x" * 65


async def test_a_foreign_host_is_refused(caller: Caller) -> None:
    answer = await caller[0].get("/v1/time", headers={"Host": "evil.example"})
    assert answer.status_code == 400


async def test_what_does_not_exist_is_a_problem_too(caller: Caller) -> None:
    answer = await caller[0].get("/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    wrong = await caller[0].delete("/v1/time")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


async def test_figures_are_counted_by_route_and_never_by_id(probe: FastAPI) -> None:
    transport = httpx.ASGITransport(app=probe, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        await client.get("/v1/time")
        told = (await client.get("/metrics")).text
    assert 'jishi_http_requests_total{method="GET",route="/v1/time",status="200"} 1.0' in told


async def test_figures_are_not_shown_to_other_machines(probe: FastAPI) -> None:
    transport = httpx.ASGITransport(app=probe, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        assert (await client.get("/metrics")).status_code == 404
