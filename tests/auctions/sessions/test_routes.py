"""Sessions over HTTP: what a big screen sees without login, who sees names, what an auctioneer may not."""

import asyncio
import json

import httpx
import pytest

from app.auctions import actions as auctions
from app.auctions.sessions import actions
from app.auctions.sessions.errors import HandInSession, MandateRefused
from app.auctions.sessions.schemas import MandateIn
from app.db.session import Database
from app.identity.permissions import Role
from app.kit.ids import new_id
from tests.factories.auctions import CLOCK
from tests.factories.identity import make_member
from tests.factories.sessions import (
    Hall,
    bid_online,
    make_draft_session,
    make_ready_session,
    open_lot,
    raise_paddle,
)
from tests.security.people import join
from tests.streams import listen


@pytest.fixture
async def hall(database: Database) -> Hall:
    """A session whose first lot is on the block, led by a paddle."""
    async with database.transaction() as session:
        made = await make_ready_session(session)
        await open_lot(session, made, 1)
        await raise_paddle(session, made, 1, made.bidders[0], 200)
    return made


async def test_the_big_screen_needs_no_login_and_knows_paddles_only(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    told = (await client.get(f"/v1/sessions/{hall.session_id}")).json()
    first = told["catalogue"][0]
    assert (told["status"], told["turn"], first["status"]) == ("running", 1, "on_the_block")
    assert first["bidder_code"] == str(hall.bidders[0].paddle_no)
    assert first["next_amount"]["amount"] == "2100000.00"
    assert "测试单位" not in json.dumps(told, ensure_ascii=False)
    listed = (await client.get("/v1/sessions", params={"status": "running"})).json()
    assert str(hall.session_id) in [one["id"] for one in listed["data"]]


async def test_a_draft_is_its_staffs(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        draft = await make_draft_session(session)
    path = f"/v1/sessions/{draft.session_id}"
    assert (await client.get(path)).status_code == 404
    assert (await client.get(path, headers=draft.operator.headers)).status_code == 200


async def test_the_doors_sheet_names_bidders_for_the_desk_alone(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    path = f"/v1/sessions/{hall.session_id}/paddles"
    told = (await client.get(path, headers=hall.operator.headers)).json()
    assert {one["paddle_no"] for one in told["paddles"]} == {one.paddle_no for one in hall.bidders}
    assert all(one["handed_out_by"] for one in told["paddles"])
    for who in (hall.auctioneer, hall.bidders[0].member):
        assert (await client.get(path, headers=who.headers)).status_code == 403
    printed = await client.get(f"{path}.pdf", headers=hall.operator.headers)
    assert printed.content.startswith(b"%PDF")
    assert (await client.get(f"{path}.pdf", headers=hall.auctioneer.headers)).status_code == 403


async def test_minutes_are_for_who_conducts_and_the_markets_staff(
    client: httpx.AsyncClient, hall: Hall
) -> None:
    path = f"/v1/sessions/{hall.session_id}/minutes"
    told = (await client.get(path, headers=hall.auctioneer.headers)).json()
    assert (told["title"], told["complete"], told["records"]) == ("竞价会笔录", False, [])
    assert (await client.get(path, headers=hall.bidders[0].member.headers)).status_code == 404
    assert (await client.get(f"{path}.pdf")).status_code == 401


async def test_a_repeated_floor_bid_is_one_bid(client: httpx.AsyncClient, hall: Hall) -> None:
    path = f"/v1/auctions/{hall.lots[0]}/floor-bids"
    body = {"paddle_no": hall.bidders[1].paddle_no, "amount": "2100000.00"}
    headers = hall.auctioneer.headers | {"Idempotency-Key": str(new_id())}
    first, again = [await client.post(path, json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["bid_no"] == 2


async def test_a_clerk_who_enters_a_mandate_does_not_bid_in_the_session(database: Database) -> None:
    async with database.transaction() as session:
        hall = await make_ready_session(session)
        mandate = MandateIn(
            session_registration_id=hall.bidders[0].entry_id,
            source="absentee",
            document_no="委托〔2026〕7号",
            maximum="2600000.00",
        )
        clerk = await make_member(session, Role.OPERATOR)
        lot = hall.lots[0]
        await actions.enter_mandate(session, CLOCK, actor=clerk.actor, auction_id=lot, body=mandate)
        await open_lot(session, hall, 1)
        # He belongs to a bidder's party as well, and acts for it.
        await join(session, clerk, hall.bidders[1].member.party_id, Role.ENTERPRISE_USER)
        for_bidder = hall.bidders[1].member.actor
        with pytest.raises(HandInSession):
            async with session.begin_nested():
                await auctions.place_bid(
                    session,
                    CLOCK,
                    actor=type(for_bidder)(**{**vars(for_bidder), "user_id": clerk.user_id}),
                    auction_id=lot,
                    amount="2200000.00",
                )
        with pytest.raises(MandateRefused):
            await actions.enter_mandate(
                session, CLOCK, actor=hall.bidders[0].member.actor, auction_id=lot, body=mandate
            )
        placed = await bid_online(session, hall, 1, hall.bidders[1], 210)
        row = await hall.lot(session, 1)
        assert (placed.bid.bid_no, row.leader_code) == (2, str(hall.bidders[0].paddle_no))


async def test_the_board_is_told_whole_whenever_it_changes(
    running: str, database: Database, hall: Hall
) -> None:
    async with listen(f"{running}/v1/sessions/{hall.session_id}/stream") as ear:
        first = (await asyncio.wait_for(ear.next(), 10)).data
        assert first["catalogue"][0]["current_price"]["amount"] == "2000000.00"
        async with database.transaction() as session:
            await raise_paddle(session, hall, 1, hall.bidders[1], 210)
        second = (await asyncio.wait_for(ear.next(), 10)).data
        assert second["catalogue"][0]["current_price"]["amount"] == "2100000.00"
