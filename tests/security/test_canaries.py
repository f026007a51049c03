"""Confidential texts are planted in a whole market; nobody hears one before his time, in no answer, stream or log."""

import asyncio
import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.tables import PartyRow
from app.logs import configure_logs
from app.markets.registrations.tables import RegistrationRow
from app.settlement.tables import DepositRow
from app.worker import Worker
from tests.factories.identity import make_member
from tests.security.operations import call, operations
from tests.security.world import EXACT, World, make_stranger
from tests.streams import listen

# Streams do not end, and are listened to below; the rest says the same to everybody.
PASSED_OVER = {
    "organisation_stream", "auction_stream", "sale_session_stream", "read_time", "read_calendar", "list_rule_profiles",
}  # fmt: skip


async def everything_read(
    client: httpx.AsyncClient, app: FastAPI, world: World, headers: dict[str, str]
) -> dict[str, str]:
    """The answers of every GET, with each id that there is to be named in its path."""
    heard: dict[str, str] = {}
    for operation in operations(app):
        if operation.method != "GET" or operation.name in PASSED_OVER:
            continue
        kind = operation.path.split("/")[2]
        named = [world.ids.get(kind, ()), *((one,) for one in world.public.get(kind, ()))]
        for ids in named if "{id}" in operation.path else [()]:
            answer = await call(client, operation, headers, *ids)
            assert answer.status_code < 500, operation.name
            heard[f"{operation.name} {ids}"] = answer.text
    return heard


@dataclass
class Overheard:
    """What each of the world's people reads, and what the log says of it all."""

    people: dict[str, dict[str, str]]
    log: str


@pytest.fixture(scope="module")
async def overheard(app: FastAPI, world: World) -> Overheard:
    """Everything read once by everybody, with the log turned up."""
    written, before = io.StringIO(), sys.stderr
    sys.stderr = written
    configure_logs("debug")
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            people = {
                name: await everything_read(client, app, world, member.headers)
                for name, member in world.people.items()
            }
            guess = {"login": "canary-mail@zdlg.example.cn", "password": "057412345678"}
            await client.post("/v1/session", json=guess)
            await client.get("/v1/achievements", params={"q": "123456.78\r\nforged=1"})
            await client.get("/v1/x%0a%7b%22event%22:1%7d")
    finally:
        sys.stderr = before
        configure_logs("error")
    return Overheard(people, written.getvalue())


def sung(world: World, heard: dict[str, str]) -> dict[str, set[str]]:
    """Where canaries were heard."""
    found = {
        where: world.canary.heard_in(told) | {one for one in EXACT if one in told}
        for where, told in heard.items()
    }
    return {where: canaries for where, canaries in found.items() if canaries}


async def _stream(running: str, headers: dict[str, str], path: str) -> str:
    """What a stream has told so far: everything up to the first heartbeat after the first that follows silence."""
    told = []
    async with listen(f"{running}{path}", headers=headers | {"Last-Event-ID": "0"}) as ear:
        await ear.next(heartbeats=True)
        while (event := await ear.next(heartbeats=True)).name != "heartbeat":
            told.append(f"{event.name} {event.data}")
    return "\n".join(told)


async def test_neither_a_visitor_nor_a_stranger_hears_a_canary(
    client: httpx.AsyncClient, app: FastAPI, database: Database, world: World
) -> None:
    async with database.transaction() as session:
        stranger = await make_stranger(session)
    assert len(world.canary.names) > 25
    for headers in ({}, stranger.headers):
        heard = await everything_read(client, app, world, headers)
        assert len(heard) > 25
        assert sung(world, heard) == {}


async def test_the_canaries_sing_for_those_whose_they_are(world: World, overheard: Overheard) -> None:
    """Else the tests around this one would prove nothing."""
    sang = {
        one
        for heard in overheard.people.values()
        for canaries in sung(world, heard).values()
        for one in canaries
    }
    assert world.canary.names | set(EXACT) == sang


async def test_each_party_hears_only_its_own(world: World, overheard: Overheard) -> None:
    """The seller does not hear of registrants, a rival not of his rivals, an answerer not of who asks unnamed."""
    registrants = {
        "报名单位",
        "经办人",
        "报名说明",
        "竞买单位0",
        "竞买单位1",
        "竞买经办人",
        "资格意见",
        "缴款单位",
    }
    deaf: dict[str, set[str]] = {
        "seller": registrants | {"洽谈单位", "匿名发布单位", "应答单位"},
        "auction_seller": registrants,
        "rival": registrants - {"竞买单位1", "竞买经办人", "资格意见"},
        "buyer": {"竞买单位0", "竞买单位1", "洽谈单位", "决策文号", "保密文号"},
        "provider": {"匿名发布单位", "需求联系人", "审核意见", "结果理由"},
        "operator": {"方案", "技术路线", "团队", "洽谈意向", "报价条件", "成果草稿", "需求草稿"},
        "finance": {"方案", "洽谈意向", "报价条件", "经办人秘密", "决策文号", "保密文号", "匿名发布单位"},
    }
    for name, never in deaf.items():
        heard = sung(world, overheard.people[name])
        wrong = {where: canaries & never for where, canaries in heard.items() if canaries & never}
        assert wrong == {}, name


async def _bidders(database: Database, world: World) -> list[tuple[str, set[str]]]:
    """Each bidder's code, and everything by which he could be known."""
    assert world.sale is not None
    async with database.session() as session:
        rows = await session.execute(
            select(RegistrationRow, PartyRow, DepositRow)
            .join(PartyRow, PartyRow.id == RegistrationRow.buyer_party_id)
            .join(DepositRow, DepositRow.reference_id == RegistrationRow.id)
            .where(RegistrationRow.offering_id == world.sale.offering_id)
        )
        return [
            (
                row.bidder_code or "",
                {str(row.id), row.number, str(party.id), party.name, str(deposit.id), deposit.number},
            )
            for row, party, deposit in rows
        ]


def _joined(code: str, marks: Iterable[str], told: str) -> bool:
    return f'"{code}"' in told and any(mark in told for mark in marks)


@pytest.mark.parametrize(
    "role", [Role.OPERATOR, Role.FINANCE, Role.SUPERVISOR, Role.AUDITOR, Role.AUCTIONEER, Role.CLERK]
)
async def test_before_the_close_no_answer_to_staff_joins_a_code_to_a_bidder(
    client: httpx.AsyncClient, app: FastAPI, database: Database, world: World, role: Role
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, role)
    heard = await everything_read(client, app, world, member.headers)
    for code, marks in await _bidders(database, world):
        assert [where for where, told in heard.items() if _joined(code, marks, told)] == []
        if role is Role.OPERATOR:
            assert any(code in told for told in heard.values())
            assert any(mark in told for told in heard.values() for mark in marks)


async def test_before_the_close_no_stream_joins_a_code_to_a_bidder(
    database: Database, worker: Worker, running: str, world: World
) -> None:
    assert world.sale is not None
    await worker.relay_all()
    bidders = await _bidders(database, world)
    seller, public, rival = await asyncio.gather(
        _stream(running, world.people["auction_seller"].headers, "/v1/stream"),
        _stream(running, {}, f"/v1/auctions/{world.sale.auction_id}/stream"),
        _stream(running, world.people["rival"].headers, "/v1/stream"),
    )
    assert "auctions.bid_placed" in seller
    assert "auctions.bid_placed" in rival
    for code, marks in bidders:
        assert f"'{code}'" in seller
        assert f"'{code}'" in public
        for told in (seller, public):
            assert [mark for mark in marks if mark in told] == []
    others = next(marks for _, marks in bidders if str(world.people["rival"].party_id) not in marks)
    assert [mark for mark in others if mark in rival] == []
    assert world.canary.heard_in(public) == world.canary.heard_in(seller) == set()


async def test_a_public_event_carries_no_canary_and_no_buyer(database: Database, world: World) -> None:
    async with database.session() as session:
        rows = await session.execute(text("SELECT kind, payload::text, parties FROM events WHERE public"))
        told = {f"{row.kind} {number}": row.payload for number, row in enumerate(rows)}
    assert len(told) > 10
    assert sung(world, told) == {}
    marks = {str(world.people[name].party_id) for name in ("buyer", "rival", "poster", "provider")}
    assert [where for where, payload in told.items() if any(mark in payload for mark in marks)] == []


async def test_the_log_holds_no_canary_and_no_secret(world: World, overheard: Overheard) -> None:
    lines = overheard.log.splitlines()
    assert len(lines) > 200
    assert all(line.startswith("{") and line.endswith("}") for line in lines)
    assert sung(world, {"log": overheard.log}) == {}
    assert [name for name, member in world.people.items() if member.key in overheard.log] == []
