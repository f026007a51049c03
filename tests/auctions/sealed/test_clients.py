"""The whole of a sealed sale over HTTP, played by the programs that custodians and bidders run."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.auctions import actions as auctions
from app.auctions.rules.sealed.terms import Office, SealingMethod
from app.auctions.sealed import actions
from app.auctions.sealed.schemas import CustodyIn, SeatIn
from app.cli import custodian, seal
from app.cli.market import API_KEY, Market
from app.db.session import Database
from app.embedded.faults import ServersFault
from app.identity.permissions import Role
from app.identity.states import PartyKind
from tests.factories.auctions import CLOCK, Sale, add_bidder, advance_to, make_draft, timetable
from tests.factories.identity import Member, make_member
from tests.factories.sealed import make_sealing, sealed_terms, sweep_until


class Desk:
    """Somebody at his own machine: his API key in the environment, the market at an address."""

    def __init__(self, address: str, member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        self._market, self._member, self._patch = Market(address), member, monkeypatch

    async def runs(self, program: Any, *given: Any, **named: Any) -> Any:
        """Run a program's function in a thread, as a process of its own would."""
        self._patch.setenv(API_KEY, self._member.key)
        return await asyncio.to_thread(program, self._market, *given, **named)

    async def seals(self, auction_id: Any, amount: str) -> dict[str, Any]:
        """Fetch the pass, seal, send."""
        told = await self.runs(lambda market: market.get(f"/auctions/{auction_id}/envelope"))
        kept: dict[str, Any] = await self.runs(seal.seal_and_send, auction_id, told, amount)
        return kept


async def test_custodians_and_bidders_play_a_sale_with_their_own_programs(
    database: Database, running: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        sale = await make_draft(session, sealed_terms())
        people = [
            await make_member(session, Role.AUCTIONEER, kind=PartyKind.EXCHANGE),
            sale.seller,
            await make_member(session, Role.SUPERVISOR),
        ]
    desks = [Desk(running, one, monkeypatch) for one in people]
    keys: list[X25519PrivateKey] = []
    proven = []
    for number, desk in enumerate(desks):
        keys.append(custodian.make_key(tmp_path / f"{number}.pem", "correct horse"))
        proven.append(await desk.runs(custodian.register, keys[-1], "开标密钥"))
    await _announce(database, sale, [one["id"] for one in proven])
    for desk, key in zip(desks[:2], keys, strict=False):
        await desk.runs(custodian.open_round, key, sale.auction_id, rehearsal=True)
    await _begin(database, sale)

    receipts = [
        await Desk(running, bidder, monkeypatch).seals(sale.auction_id, amount)
        for bidder, amount in zip(sale.bidders, ("2100000.00", "3100000.00"), strict=True)
    ]
    assert all(receipt["signature"] for receipt in receipts)

    async with database.transaction() as session:
        row = await sale.row(session)
        assert row.ends_at is not None
        await advance_to(session, row.ends_at)
        await sweep_until(session, sale, "opening")
    after = await desks[0].runs(custodian.open_round, keys[0], sale.auction_id, rehearsal=False)
    assert [seat["handed_in"] for seat in after["seats"]] == [True, False, False]
    leaves = {(leaf["commitment"], leaf["digest"]) for leaf in after["leaves"]}
    assert {(one["commitment"], one["digest"]) for one in receipts} <= leaves
    read = custodian.read_key(tmp_path / "2.pem", "correct horse")
    await desks[2].runs(custodian.open_round, read, sale.auction_id, rehearsal=False)
    async with database.session() as session:
        row = await sale.row(session)
        assert (row.status, row.current_minor) == ("awarded", 310_000_000)


async def _announce(database: Database, sale: Sale, key_ids: list[Any]) -> None:
    """Seats, notice, two bidders, the end of registration, a dummy to rehearse with."""
    offices = (Office.EXCHANGE, Office.SELLER, Office.SUPERVISOR)
    seats = [SeatIn(office=o, key_ids=[k]) for o, k in zip(offices, key_ids, strict=True)]
    operator = sale.operator.actor
    async with database.transaction() as session:
        row = await sale.row(session)
        await actions.seat_custodians(
            session,
            actor=operator,
            auction_id=row.id,
            asked=CustodyIn(seats=seats),
            expected=row.version,
        )
        await auctions.publish_notice(
            session,
            CLOCK,
            actor=operator,
            auction_id=row.id,
            notice_in=await timetable(session),
            expected=(await sale.row(session)).version,
        )
        row = await sale.row(session)
        assert row.registration_opens_at is not None and row.deposit_due_at is not None
        await advance_to(session, row.registration_opens_at)
        for _ in range(2):
            await add_bidder(session, sale)
        await advance_to(session, row.deposit_due_at)
        await sweep_until(session, sale, "registration_closed")
        await actions.rehearse(session, actor=operator, auction_id=row.id)


async def _begin(database: Database, sale: Sale) -> None:
    async with database.transaction() as session:
        row = await auctions.mark_ready(
            session, CLOCK, actor=sale.finance.checker.actor, auction_id=sale.auction_id
        )
        assert row.starts_at is not None
        await advance_to(session, row.starts_at)
        await sweep_until(session, sale, "sealing")


async def test_a_client_refuses_an_amount_that_cannot_count_and_sends_nothing(
    database: Database, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as session:
        sale = await make_sealing(session, sealed_terms(method=SealingMethod.SERVER), bidders=1)
    monkeypatch.setenv(API_KEY, sale.bidders[0].key)
    told = await asyncio.to_thread(Market(running).get, f"/auctions/{sale.auction_id}/envelope")
    for wrong in ("1999999.99", "3100000", "３１０００００.00", ""):
        with pytest.raises(ServersFault):
            seal.check_amount(told, wrong)
    seal.check_amount(told, "2000000.00")
    with pytest.raises(ServersFault, match="2500000"):
        seal.check_amount(told | {"floor": {"amount": "2500000.00"}}, "2500000.00")


def test_a_client_offers_no_royalty_above_the_whole() -> None:
    told = {"start_price": {"amount": "2.00", "currency": "%"}, "floor": None}
    seal.check_amount(told, "100.00")
    with pytest.raises(ServersFault, match="at most 100"):
        seal.check_amount(told, "100.01")


async def test_a_client_whose_own_test_envelope_does_not_open_sends_nothing(
    database: Database, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as session:
        sale = await make_sealing(session, bidders=1)
    monkeypatch.setenv(API_KEY, sale.bidders[0].key)
    told = await asyncio.to_thread(Market(running).get, f"/auctions/{sale.auction_id}/envelope")
    broken = told | {"threshold": 0}
    with pytest.raises(ServersFault, match="nothing was sent"):
        seal.seal_and_send(Market("http://127.0.0.1:9"), sale.auction_id, broken, "2000000.00")


def test_a_private_key_is_kept_from_others_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    key = custodian.make_key(file, "correct horse")
    assert file.stat().st_mode & 0o077 == 0
    assert key.private_bytes_raw() not in file.read_bytes()
    with pytest.raises(ServersFault, match="exists"):
        custodian.make_key(file, "correct horse")
    with pytest.raises(ServersFault, match="passphrase"):
        custodian.read_key(file, "wrong horse")
    assert custodian.read_key(file, "correct horse").private_bytes_raw() == key.private_bytes_raw()
