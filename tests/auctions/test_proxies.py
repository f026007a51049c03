"""Maxima over HTTP and in the database: they bid for whoever left them, and nobody else ever reads one."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, text

from app.auctions import actions
from app.auctions.errors import ProxyAbsent
from app.auctions.schemas import TermsIn
from app.auctions.tables import AuctionRow, BidRow, ProxyRow, ReserveRow
from app.db.session import Database
from app.kit.money import fen
from app.worker import Worker
from tests.auctions.test_routes import keyed, sale_of
from tests.factories.auctions import (
    CLOCK,
    TERMS,
    Sale,
    advance_to,
    close,
    make_draft,
    make_ready,
    make_started,
    place,
)
from tests.factories.identity import Member

FREE = TERMS.model_copy(update={"deposit": "0.00"})
SECRET = "2345600.00"
"""A maximum, or a reserve, that must be found nowhere."""


async def leave(client: httpx.AsyncClient, sale: Sale, member: Member, maximum: str) -> httpx.Response:
    """Leave a maximum."""
    path = f"/v1/auctions/{sale.auction_id}/proxy"
    return await client.put(path, json={"maximum": maximum}, headers=keyed(member))


async def bids_of(database: Database, sale: Sale) -> list[tuple[int, int, str, Member]]:
    """Number, 万元, way and owner of each bid."""
    async with database.transaction() as session:
        rows = (
            await session.execute(
                select(BidRow).where(BidRow.auction_id == sale.auction_id).order_by(BidRow.bid_no)
            )
        ).scalars()
        by_user = {member.user_id: member for member in sale.bidders}
        by_registration = dict(zip(sale.registrations, sale.bidders, strict=True))
        found = []
        for row in rows:
            assert by_registration[row.registration_id] is by_user[row.placed_by]
            found.append((row.bid_no, row.amount_minor // 1_000_000, row.via, by_user[row.placed_by]))
        return found


async def test_a_maximum_answers_for_its_owner_who_is_away(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_started, terms=FREE)
    away, here = sale.bidders
    answer = await leave(client, sale, away, "3000000.00")
    assert answer.status_code == 200
    path = f"/v1/auctions/{sale.auction_id}"
    told = await client.post(f"{path}/bids", json={"amount": "2300000.00"}, headers=keyed(here))
    assert (told.status_code, told.json()["amount"]["amount"], told.json()["via"]) == (
        201,
        "2300000.00",
        "web",
    )
    assert await bids_of(database, sale) == [
        (1, 200, "proxy", away),
        (2, 230, "web", here),
        (3, 240, "proxy", away),
    ]
    mine = (await client.get(f"{path}/me", headers=away.headers)).json()
    assert (mine["leading"], mine["bids"]) == (True, 2)


async def test_a_maximum_left_before_the_start_bids_when_the_worker_starts_the_sale(
    client: httpx.AsyncClient, database: Database, worker: Worker
) -> None:
    sale = await sale_of(database, make_ready, terms=FREE)
    assert (await leave(client, sale, sale.bidders[0], "2500000.00")).status_code == 200
    assert (await leave(client, sale, sale.bidders[1], "2250000.00")).status_code == 200
    async with database.transaction() as session:
        row = await sale.row(session)
        assert row.starts_at is not None
        await advance_to(session, row.starts_at)
    await worker.drain()
    assert await bids_of(database, sale) == [
        (1, 220, "proxy", sale.bidders[1]),
        (2, 230, "proxy", sale.bidders[0]),
    ]


async def test_a_maximum_is_its_owners_alone(client: httpx.AsyncClient, database: Database) -> None:
    sale = await sale_of(database, make_started, terms=FREE)
    owner, other = sale.bidders
    put = await leave(client, sale, owner, SECRET)
    path = f"/v1/auctions/{sale.auction_id}"
    own = await client.get(f"{path}/proxy", headers=owner.headers)
    assert own.json()["maximum"] == {"amount": SECRET, "currency": "CNY"}
    for stranger in (other, sale.seller, sale.operator, sale.finance.maker):
        assert (await client.get(f"{path}/proxy", headers=stranger.headers)).status_code == 404
    assert (await client.get(f"{path}/proxy")).status_code == 401
    seen = [put.text]
    for below in ("", "/bids", "/events", "/me"):
        for reader in (other, sale.seller, sale.operator):
            seen.append((await client.get(f"{path}{below}", headers=reader.headers)).text)
    assert not [found for found in seen if SECRET in found or str(fen(SECRET)) in found]
    assert put.json()["commitment"] in await stored_text(database, "auction_events")
    for table in ("auction_events", "events", "idempotency_keys", "auctions", "bids"):
        found = await stored_text(database, table)
        assert SECRET not in found and str(fen(SECRET)) not in found, table


async def stored_text(database: Database, table: str) -> str:
    """Everything in a table, as text."""
    async with database.transaction() as session:
        rows = await session.execute(text(f"SELECT t::text FROM {table} AS t"))  # our own names
        return "\n".join(rows.scalars())


async def test_a_maximum_is_changed_in_place_and_taken_back(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_started, terms=FREE)
    owner, other = sale.bidders
    path = f"/v1/auctions/{sale.auction_id}/proxy"
    await leave(client, sale, owner, "2500000.00")
    await leave(client, sale, owner, "2800000.00")
    async with database.transaction() as session:
        rows = (
            await session.execute(
                select(ProxyRow).where(ProxyRow.auction_id == sale.auction_id).order_by(ProxyRow.no)
            )
        ).scalars()
        assert [(row.no, row.max_minor, row.ended_at is None) for row in rows] == [
            (1, 250_000_000, False),
            (2, 280_000_000, True),
        ]
    assert (await client.delete(path, headers=keyed(owner))).status_code == 204
    assert (await client.get(path, headers=owner.headers)).status_code == 404
    gone = await client.delete(path, headers=keyed(owner))
    assert (gone.status_code, gone.json()["code"]) == (409, "proxy_absent")
    await client.post(
        f"/v1/auctions/{sale.auction_id}/bids", json={"amount": "2100000.00"}, headers=keyed(other)
    )
    assert [bid[2] for bid in await bids_of(database, sale)] == ["proxy", "web"]


@pytest.mark.parametrize(
    ("changed", "maximum", "code"),
    [({"proxy_allowed": False}, "3000000.00", "proxy_not_allowed"), ({}, "1.00", "proxy_below_next")],
)
async def test_a_maximum_that_cannot_count_leaves_nothing(
    client: httpx.AsyncClient, database: Database, changed: dict[str, bool], maximum: str, code: str
) -> None:
    sale = await sale_of(database, make_started, terms=FREE.model_copy(update=changed))
    answer = await leave(client, sale, sale.bidders[0], maximum)
    assert answer.json()["code"] == code
    async with database.transaction() as session:
        found = await session.execute(select(ProxyRow).where(ProxyRow.auction_id == sale.auction_id))
        assert found.first() is None
        assert (await sale.row(session)).proxy_no == 0


async def test_a_large_jump_is_asked_for_twice(client: httpx.AsyncClient, database: Database) -> None:
    sale = await sale_of(database, make_started, terms=FREE)
    path = f"/v1/auctions/{sale.auction_id}/bids"
    bidder = sale.bidders[0]
    answer = await client.post(path, json={"amount": "2600000.00"}, headers=keyed(bidder))
    refusal = answer.json()
    assert (answer.status_code, refusal["code"]) == (409, "bid_jump_unconfirmed")
    assert (refusal["raise_amount"], refusal["confirm_above"]) == ("600000.00", "500000.00")
    sure = {"amount": "2600000.00", "confirm_jump": True}
    assert (await client.post(path, json=sure, headers=keyed(bidder))).status_code == 201


# --- reserves ---------------------------------------------------------------------------------------------------------


def with_reserve(reserve: str, **changed: object) -> TermsIn:
    """Terms with a reserve."""
    return FREE.model_copy(update={"reserve_price": reserve, **changed})


async def test_a_secret_reserve_is_kept_apart_and_decides(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_started, terms=with_reserve(SECRET))
    async with database.transaction() as session:
        await place(session, sale, sale.bidders[0], "2300000.00")
        row = await close(session, sale)
        assert (row.status, row.award_id) == ("passed_in", None)
        kept = await session.get_one(ReserveRow, sale.auction_id)
        assert kept.reserve_minor == fen(SECRET)
    seen = (await client.get(f"/v1/auctions/{sale.auction_id}")).json()
    assert (seen["has_reserve"], seen["reserve_price"]) == (True, None)
    assert len(seen["reserve_commitment"]) == 64
    for table in ("auctions", "auction_events", "events", "idempotency_keys"):
        found = await stored_text(database, table)
        assert SECRET not in found and str(fen(SECRET)) not in found, table


async def test_a_bid_that_reaches_the_secret_reserve_wins(database: Database) -> None:
    sale = await sale_of(database, make_started, terms=with_reserve("2300000.00"))
    async with database.transaction() as session:
        await place(session, sale, sale.bidders[0], "2300000.00")
        assert (await close(session, sale)).status == "awarded"


async def test_an_announced_reserve_is_shown(client: httpx.AsyncClient, database: Database) -> None:
    sale = await sale_of(database, make_started, terms=with_reserve("2300000.00", reserve_secret=False))
    seen = (await client.get(f"/v1/auctions/{sale.auction_id}")).json()
    assert seen["reserve_price"] == {"amount": "2300000.00", "currency": "CNY"}
    assert seen["reserve_commitment"] is None


async def test_a_reserve_below_the_start_is_refused_and_other_terms_take_it_away(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await sale_of(database, make_draft, terms=with_reserve(SECRET))
    path = f"/v1/auctions/{sale.auction_id}"
    etag = (await client.get(path, headers=sale.seller.headers)).headers["etag"]
    headers = keyed(sale.seller) | {"If-Match": etag}
    low = with_reserve("1.00").model_dump(mode="json")
    answer = await client.patch(path, json={"terms": low}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/body/terms/reserve_price")
    headers = keyed(sale.seller) | {"If-Match": etag}
    plain = FREE.model_dump(mode="json")
    answer = await client.patch(path, json={"terms": plain}, headers=headers)
    assert (answer.status_code, answer.json()["has_reserve"]) == (200, False)
    async with database.transaction() as session:
        assert await session.get(ReserveRow, sale.auction_id) is None


# --- the day of sale --------------------------------------------------------------------------------------------------


async def test_a_sale_past_its_day_goes_on_the_next_working_day_with_the_price_held(
    database: Database, worker: Worker
) -> None:
    hours = {"starts_local": "09:30", "ends_local": "10:00"}
    terms = TermsIn.model_validate(
        FREE.model_dump()
        | {"session_profile": "online_session", "free_seconds": 3_500, "window_seconds": 180, "day": hours}
    )
    sale = await sale_of(database, make_started, terms=terms)
    async with database.transaction() as session:
        row = await sale.row(session)
        assert row.ends_at is not None and row.starts_at is not None
        await advance_to(session, row.starts_at + timedelta(seconds=3_590))
        await place(session, sale, sale.bidders[0], "2000000.00")
        limit = row.starts_at + timedelta(hours=1)
        await advance_to(session, limit + timedelta(seconds=1))
    await worker.drain()
    async with database.transaction() as session:
        row = await sale.row(session)
        assert row.status == "adjourned" and row.next_due_at is not None
        assert len(row.days) == 5
        continues_at = row.next_due_at
        await advance_to(session, continues_at)
    await worker.drain()
    async with database.transaction() as session:
        row = await sale.row(session)
        assert (row.status, row.ends_at) == ("timed_bidding", continues_at + timedelta(seconds=180))
        assert row.current_minor == 200_000_000
        await advance_to(session, continues_at + timedelta(seconds=180))
    await worker.drain()
    async with database.transaction() as session:
        assert (await session.get_one(AuctionRow, sale.auction_id)).status == "awarded"


async def test_another_persons_maximum_cannot_be_taken_back(database: Database) -> None:
    sale = await sale_of(database, make_started, terms=FREE)
    async with database.transaction() as session:
        await actions.set_proxy(
            session, CLOCK, actor=sale.bidders[0].actor, auction_id=sale.auction_id, maximum="2500000.00"
        )
    async with database.transaction() as session:
        with pytest.raises(ProxyAbsent):
            await actions.cancel_proxy(
                session, CLOCK, actor=sale.bidders[1].actor, auction_id=sale.auction_id
            )
