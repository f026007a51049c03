"""What nobody may: read who sealed, use another's envelope or pass, come late, open alone."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions.errors import BidderDepositNotHeld
from app.auctions.errors.sealed import (
    CustodianMayNotBid,
    EnvelopeDoesNotFit,
    EnvelopePassInvalid,
    EnvelopesOnly,
    RehearsalMissing,
    SealingEnded,
    SealingNotOpen,
)
from app.auctions.rules.sealed.terms import SealingMethod
from app.auctions.sealed import actions
from app.auctions.sealed.repository import slots
from app.auctions.sealed.vault import Vault
from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.errors import Refusal
from app.sealing.envelopes import bid, seal
from app.signing.keyring import signer_of
from tests.auctions.stored import events_of
from tests.factories.auctions import CLOCK, advance_to, place
from tests.factories.identity import Member, make_member
from tests.factories.sealed import (
    SealedSale,
    close_sealing,
    hand_in,
    make_sealed_registered,
    make_sealing,
    open_all,
    pass_for,
    place_of,
    rehearse,
    sealed_terms,
    sealed_with,
    send,
    sweep_until,
)
from tests.sealing.world import hold

STAFF = (Role.OPERATOR, Role.FINANCE, Role.SUPERVISOR, Role.AUDITOR, Role.AUCTIONEER, Role.CLERK)
PATHS = ("", "/events", "/bids", "/me", "/opening", "/opening/envelopes", "/envelope")


async def everything(client: httpx.AsyncClient, sale: SealedSale, people: list[Member]) -> dict[str, str]:
    """What all these people, and a visitor, read of a sale."""
    heard = {}
    for number, headers in enumerate([{}, *(one.headers for one in people)]):
        for path in PATHS:
            answer = await client.get(f"/v1/auctions/{sale.auction_id}{path}", headers=headers)
            told = answer.json()
            told.pop("request_id", None)
            if told.pop("envelope_pass", None):
                # It holds the moment at which it was given, and is another one each time.
                told["envelope_pass"] = "given"
            heard[f"{number} {path}"] = f"{answer.status_code} {told}"
    return heard


async def test_no_role_reads_anything_that_somebodys_envelope_has_changed(
    client: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    """Seller, rivals, custodians and every role of the exchange see the same, to the byte, before and after it."""
    async with database.transaction() as session:
        sale = await make_sealing(session)
        staff = [await make_member(session, role, kind=PartyKind.EXCHANGE) for role in STAFF]
    people = [*staff, sale.seller, *sale.bidders, *(seat[0].member for seat in sale.custodians)]
    before = await everything(client, sale, people)
    async with database.transaction() as session:
        await send(session, sale, sale.bidders[0], "2100000.00")
    assert await everything(client, sale, people) == before
    assert len(before) == (len(people) + 1) * len(PATHS)


async def _tables(session: AsyncSession) -> dict[str, str]:
    names = (
        await session.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        )
    ).scalars()
    return {
        name: (
            await session.execute(
                text(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
            )
        ).scalar_one()
        for name in names
    }


async def test_the_tables_say_neither_who_sealed_nor_how_many_did(
    client: httpx.AsyncClient, database: Database
) -> None:
    """An envelope over HTTP changes one table, every row of the round in it, and no length and no number."""
    async with database.transaction() as session:
        sale = await make_sealing(session, bidders=2)
        await signer_of(session)
        before = await _tables(session)
        rows = {row.id: row.blob for row in await slots.rows_of(session, sale.auction_id, 1)}
        given = await pass_for(session, sale, sale.bidders[1])
        assert await _tables(session) == before
    answer = await client.put(
        f"/v1/auctions/{sale.auction_id}/envelope",
        json=sealed_with(given, "2100000.00").model_dump(mode="json"),
        headers={"Envelope-Pass": given.envelope_pass},
    )
    assert answer.status_code == 200, answer.text
    async with database.session() as session:
        after = await _tables(session)
        assert {name for name in after if after[name] != before[name]} == {"envelope_slots"}
        now = {row.id: row.blob for row in await slots.rows_of(session, sale.auction_id, 1)}
    assert len(now) == 8
    assert now.keys() == rows.keys()
    assert all(now[one] != rows[one] for one in now)
    assert len({len(blob) for blob in (*now.values(), *rows.values())}) == 1


async def test_a_stir_looks_like_an_envelope(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = await make_sealing(session, bidders=1)
    await send(session, sale, sale.bidders[0], "2100000.00")
    before = {row.id: row.blob for row in await slots.rows_of(session, sale.auction_id, 1)}
    monkeypatch.setattr("app.auctions.sealed.actions.envelopes.SWEEPS_PER_MINUTE", 1)
    assert not await actions.stir(session, CLOCK)
    after = {row.id: row.blob for row in await slots.rows_of(session, sale.auction_id, 1)}
    assert all(after[one] != before[one] for one in before)
    assert (await open_all(session, sale)).current_minor == 210_000_000


async def test_a_vault_with_another_secret_reads_no_slot(session: AsyncSession) -> None:
    sale = await make_sealing(session, sealed_terms(method=SealingMethod.SERVER), bidders=1)
    session.info["vault"] = Vault("another secret, of thirty-two characters and more")
    with pytest.raises(Exception) as caught:
        await slots.kept_in(session, sale.auction_id, 1)
    assert type(caught.value).__name__ == "InvalidTag"


# --- passes and envelopes of others -----------------------------------------------------------------------------------


async def _refused(
    session: AsyncSession, sale: SealedSale, envelope: Any, shown: str, kind: type[Refusal]
) -> None:
    with pytest.raises(kind):
        await actions.take_envelope(
            session, CLOCK, auction_id=sale.auction_id, shown=shown, envelope=envelope
        )


async def test_another_bidders_pass_or_place_serves_nobody_else(session: AsyncSession) -> None:
    sale = await make_sealing(session)
    mine = await pass_for(session, sale, sale.bidders[0])
    theirs = await pass_for(session, sale, sale.bidders[1])
    mine_sealed, theirs_sealed = sealed_with(mine, "2100000.00"), sealed_with(theirs, "2200000.00")
    await _refused(session, sale, mine_sealed, theirs.envelope_pass, EnvelopePassInvalid)
    await _refused(session, sale, theirs_sealed, mine.envelope_pass, EnvelopePassInvalid)
    for wrong in ("0" * 112, "g" * 112, "f" * 112, mine.envelope_pass[:-1] + "0", mine.envelope_pass[::-1]):
        if wrong != mine.envelope_pass:
            await _refused(session, sale, mine_sealed, wrong, EnvelopePassInvalid)


async def test_a_stolen_envelope_opens_for_nobody_in_the_thiefs_slot(session: AsyncSession) -> None:
    """He could only put it under his own place, to which it was not sealed: it counts for nothing."""
    sale = await make_sealing(session, bidders=2)
    stolen = await send(session, sale, sale.bidders[0], "3000000.00")
    thief = await pass_for(session, sale, sale.bidders[1])
    moved = stolen.model_copy(update={"envelope_id": thief.envelope_id})
    await actions.take_envelope(
        session, CLOCK, auction_id=sale.auction_id, shown=thief.envelope_pass, envelope=moved
    )
    row = await open_all(session, sale)
    assert row.status == "opening"
    assert row.folded["sealing"]["halted"] == [str(thief.envelope_id)]
    assert [event.kind for event in await events_of(session, sale)][-1] == "opening_halted"


async def test_an_envelope_to_other_custodians_or_of_another_sale_is_not_taken(
    session: AsyncSession,
) -> None:
    sale = await make_sealing(session, bidders=1)
    given = await pass_for(session, sale, sale.bidders[0])
    foreign = seal(bid("2100000.00", given.bidder_code), place_of(given), hold().custody)
    await _refused(session, sale, foreign, given.envelope_pass, EnvelopeDoesNotFit)
    right = sealed_with(given, "2100000.00")
    fewer = right.model_copy(update={"shares": right.shares[:-1]})
    await _refused(session, sale, fewer, given.envelope_pass, EnvelopeDoesNotFit)
    other = right.model_copy(update={"auction_id": given.envelope_id})
    await _refused(session, sale, other, given.envelope_pass, EnvelopePassInvalid)
    rehearsal = right.model_copy(update={"round_no": 0})
    await _refused(session, sale, rehearsal, given.envelope_pass, EnvelopePassInvalid)


# --- time -------------------------------------------------------------------------------------------------------------


async def test_an_envelope_counts_until_the_deadline_and_not_at_it(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=1)
    row = await sale.row(session)
    assert row.ends_at is not None
    given = await pass_for(session, sale, sale.bidders[0])
    await advance_to(session, row.ends_at - timedelta(seconds=30))
    await send(session, sale, sale.bidders[0], "2100000.00")
    await advance_to(session, row.ends_at)
    await _refused(session, sale, sealed_with(given, "9000000.00"), given.envelope_pass, SealingEnded)
    row = await open_all(session, sale)
    assert (row.status, row.current_minor) == ("awarded", 210_000_000)


async def test_a_leap_over_a_whole_sealing_takes_it_from_nobody(session: AsyncSession) -> None:
    """The market's clock passes start and deadline before any timer has opened the round."""
    sale = await make_sealed_registered(session, bidders=1)
    await rehearse(session, sale)
    row = await auctions.mark_ready(
        session, CLOCK, actor=sale.finance.checker.actor, auction_id=sale.auction_id
    )
    assert row.starts_at is not None
    await advance_to(session, row.starts_at + timedelta(days=40))
    row = await sweep_until(session, sale, "sealing")
    assert row.ends_at is not None and row.ends_at > await CLOCK.read(session)
    await send(session, sale, sale.bidders[0], "2100000.00")
    row = await open_all(session, sale)
    assert (row.status, row.current_minor) == ("awarded", 210_000_000)


async def test_a_pass_of_an_earlier_round_is_of_no_use(session: AsyncSession) -> None:
    sale = await make_sealing(session, sealed_terms(rounds=2), bidders=2)
    old = await pass_for(session, sale, sale.bidders[0])
    for bidder, amount in zip(sale.bidders, ("2100000.00", "2200000.00"), strict=True):
        await send(session, sale, bidder, amount)
    await open_all(session, sale)
    await _refused(session, sale, sealed_with(old, "2300000.00"), old.envelope_pass, SealingEnded)
    new = await pass_for(session, sale, sale.bidders[0])
    assert (new.round_no, new.floor.amount if new.floor else None) == (2, "2200000.00")
    await _refused(session, sale, sealed_with(new, "2300000.00"), old.envelope_pass, EnvelopePassInvalid)


async def test_before_the_start_there_is_no_pass_and_a_plain_bid_never_counts(session: AsyncSession) -> None:
    sale = await make_sealed_registered(session)
    with pytest.raises(SealingNotOpen):
        await pass_for(session, sale, sale.bidders[0])
    started = await make_sealing(session, bidders=1)
    with pytest.raises(EnvelopesOnly):
        await place(session, started, started.bidders[0], "2100000.00")


# --- people -----------------------------------------------------------------------------------------------------------


async def test_who_may_not_bid_gets_no_pass(session: AsyncSession) -> None:
    sale = await make_sealing(session)
    for member, code in (
        (sale.seller, "seller_may_not_bid"),
        (await make_member(session, Role.ENTERPRISE_USER), "bidder_not_registered"),
    ):
        with pytest.raises(Refusal) as caught:
            await pass_for(session, sale, member)
        assert caught.value.code == code


async def test_who_has_lost_his_deposit_since_gets_no_pass(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=1)
    given = await pass_for(session, sale, sale.bidders[0])
    await session.execute(
        text("UPDATE deposits SET status = 'released', ended_at = market_now() WHERE reference_id = :id"),
        {"id": sale.registrations[0]},
    )
    with pytest.raises(BidderDepositNotHeld):
        await pass_for(session, sale, sale.bidders[0])
    await _refused(session, sale, sealed_with(given, "2100000.00"), given.envelope_pass, BidderDepositNotHeld)


async def test_a_custodian_seals_nothing_in_his_own_sale(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=1)
    custodian = sale.custodians[2][0].member
    await session.execute(
        text("UPDATE registrations SET buyer_party_id = :party WHERE id = :id"),
        {"party": custodian.party_id, "id": sale.registrations[0]},
    )
    with pytest.raises(CustodianMayNotBid):
        await pass_for(session, sale, custodian)


async def test_one_custodian_alone_opens_nothing_and_a_sale_nobody_rehearsed_is_never_ready(
    session: AsyncSession,
) -> None:
    sale = await make_sealing(session, bidders=1)
    await send(session, sale, sale.bidders[0], "2100000.00")
    await close_sealing(session, sale)
    row = await hand_in(session, sale, sale.custodians[0][0])
    row = await hand_in(session, sale, sale.custodians[0][1])
    assert (row.status, row.current_minor, row.bid_no) == ("opening", None, 0)
    other = await make_sealed_registered(session)
    with pytest.raises(RehearsalMissing):
        await auctions.mark_ready(
            session, CLOCK, actor=other.finance.checker.actor, auction_id=other.auction_id
        )
