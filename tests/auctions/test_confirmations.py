"""The confirmation record: written in the close's commit, signed by two sides, printed, void after a default."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.confirmations import actions, rules
from app.auctions.confirmations.errors import (
    ConfirmationNotFound,
    ConfirmationVoided,
    OnePersonSignsOnce,
    SignedBefore,
)
from app.auctions.confirmations.states import ConfirmationStatus, Signatory
from app.auctions.confirmations.tables import ConfirmationRow
from app.auctions.errors import OperatorIsSeller
from app.auctions.rules.terms import Price
from app.db.session import Database
from app.identity.permissions import Role
from app.kit.dates import market_date
from app.kit.errors import Stale
from app.kit.ids import new_id
from app.markets.award import PriceKind
from tests.auctions.test_defaults import colleague, defaulted, sold
from tests.factories.auctions import CLOCK, Sale, advance_to, close, make_started
from tests.factories.identity import Member, make_member


async def record_of(session: AsyncSession, sale: Sale) -> ConfirmationRow:
    """The record that the close has left."""
    found = await session.scalars(
        select(ConfirmationRow).where(ConfirmationRow.auction_id == sale.auction_id)
    )
    return found.one()


async def sign(session: AsyncSession, who: Member, row: ConfirmationRow) -> ConfirmationRow:
    return await actions.sign(session, CLOCK, actor=who.actor, confirmation_id=row.id, expected=row.version)


async def test_the_close_leaves_a_record_with_both_sides_the_price_in_words_and_the_chains_head(
    session: AsyncSession,
) -> None:
    sale = await sold(session)
    row, auction = await record_of(session, sale), await sale.row(session)
    assert row.number.startswith("CJ-")
    assert (row.price_figures, row.price_capitals) == ("人民币2100000.00元", "人民币贰佰壹拾万元整")
    assert (row.bid_no, row.bidder_code) == (2, auction.leader_code)
    assert (row.seq, row.chain_head) == (auction.seq, auction.chain_head)
    assert row.buyer_party_ids == [sale.bidders[0].party_id]
    assert [buyer["share_bp"] for buyer in row.buyers] == [10_000]
    assert (row.seller_party_id, row.source) == (sale.seller.party_id, "house rule, after 拍卖法 art. 52")
    assert row.due_on > market_date(row.knocked_down_at)


async def test_a_sale_that_passes_in_leaves_no_record(session: AsyncSession) -> None:
    sale = await make_started(session)
    await close(session, sale)
    found = await session.scalars(
        select(ConfirmationRow.id).where(ConfirmationRow.auction_id == sale.auction_id)
    )
    assert found.all() == []


async def test_both_sides_sign_in_either_order_and_each_once(session: AsyncSession) -> None:
    sale = await sold(session)
    row = await record_of(session, sale)
    await sign(session, sale.bidders[0], row)
    assert (row.status, row.buyer_signed_by) == ("buyer_signed", sale.bidders[0].user_id)
    with pytest.raises(SignedBefore):
        await sign(session, sale.bidders[0], row)
    with pytest.raises(Stale):
        await actions.sign(
            session,
            CLOCK,
            actor=sale.operator.actor,
            confirmation_id=row.id,
            expected=row.version + 1,
        )
    await sign(session, sale.operator, row)
    assert (row.status, row.organiser_signed_by) == ("signed", sale.operator.user_id)
    assert rules.after_signature(ConfirmationStatus.ISSUED, Signatory.ORGANISER, same_person=False) == (
        "organiser_signed"
    )


async def test_only_the_two_sides_sign_and_nobody_for_both(session: AsyncSession) -> None:
    sale = await sold(session)
    row = await record_of(session, sale)
    stranger = await make_member(session, Role.ENTERPRISE_USER)
    elsewhere = await make_member(session, Role.OPERATOR, region_scope="330200")
    for nobody in (stranger, elsewhere, sale.bidders[1], sale.seller):
        with pytest.raises(ConfirmationNotFound):
            await sign(session, nobody, row)
    insider = await colleague(session, sale.seller, Role.OPERATOR)
    with pytest.raises(OperatorIsSeller):
        await sign(session, insider, row)
    with pytest.raises(OnePersonSignsOnce):
        rules.after_signature(ConfirmationStatus.BUYER_SIGNED, Signatory.ORGANISER, same_person=True)


async def test_a_default_voids_the_record(session: AsyncSession) -> None:
    sale = await sold(session)
    row = await record_of(session, sale)
    await sign(session, sale.operator, row)
    await defaulted(session, sale)
    await session.refresh(row)
    assert row.status == "voided"
    with pytest.raises(ConfirmationVoided):
        await sign(session, sale.bidders[0], row)


def test_the_number_that_was_bid_means_what_the_terms_say() -> None:
    rate = Price(kind=PriceKind.ROYALTY_RATE, entry_fee_minor=50_000_000)
    assert rules.price_words(rate, 350) == ("提成率3.50%，另付入门费人民币500000.00元", None)
    fee = Price(kind=PriceKind.ENTRY_FEE, royalty_bp=300)
    assert rules.price_words(fee, 80_000_000) == (
        "入门费人民币800000.00元，提成率3.00%",
        "人民币捌拾万元整",
    )
    yearly = Price(kind=PriceKind.ANNUAL_FEE, years=5)
    assert rules.price_words(yearly, 10_000_000)[0] == "年费人民币100000.00元，共5年"


async def committed(database: Database) -> Sale:
    """A committed sale that was knocked down."""
    async with database.transaction() as session:
        return await sold(session)


async def get(client: httpx.AsyncClient, path: str, who: Member | None = None, **params: Any) -> Any:
    return await client.get(path, headers=who.headers if who else {}, params=params)


async def test_everybody_reads_the_result_and_nobody_a_buyers_name(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await committed(database)
    told = (await get(client, f"/v1/auctions/{sale.auction_id}/result")).json()
    assert (told["outcome"], told["price"]["amount"], told["bids"]) == ("awarded", "2100000.00", 2)
    assert len(told["bidder_code"]) >= 3
    for member in sale.bidders:
        assert str(member.party_id) not in str(told)
    async with database.transaction() as session:
        running = await make_started(session)
        await defaulted(session, sale)
    assert (await get(client, f"/v1/auctions/{running.auction_id}/result")).status_code == 404
    told = (await get(client, f"/v1/auctions/{sale.auction_id}/result")).json()
    assert told["outcome"] == "defaulted"


async def test_the_record_is_read_and_printed_by_its_sides_and_the_regions_staff(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await committed(database)
    async with database.transaction() as session:
        row = await record_of(session, sale)
    path = f"/v1/sale-confirmations/{row.id}"
    for who in (sale.bidders[0], sale.seller, sale.operator):
        told = await get(client, path, who)
        assert (told.status_code, told.json()["overdue"]) == (200, False)
        printed = await get(client, f"{path}/pdf", who)
        assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
        assert printed.content.startswith(b"%PDF-")
    for nobody in (sale.bidders[1], sale.finance.maker):
        assert (await get(client, path, nobody)).status_code == 404
        assert (await get(client, f"{path}/pdf", nobody)).status_code == 404
    assert (await get(client, f"{path}/pdf")).status_code == 401
    signed = await client.post(
        f"{path}/signature",
        headers=sale.bidders[0].headers | {"Idempotency-Key": new_id().hex, "If-Match": f'"v{row.version}"'},
    )
    assert (signed.status_code, signed.json()["status"]) == (200, "buyer_signed")
    assert signed.json()["buyer_signature"]["user_id"] == str(sale.bidders[0].user_id)


async def test_a_record_that_is_late_shows_and_is_found(
    client: httpx.AsyncClient, database: Database
) -> None:
    sale = await committed(database)
    query = {"auction_id": str(sale.auction_id), "overdue": "true"}
    found = await get(client, "/v1/sale-confirmations", sale.operator, **query)
    assert found.json()["data"] == []
    async with database.transaction() as session:
        await advance_to(session, await CLOCK.read(session) + timedelta(days=20))
    found = await get(client, "/v1/sale-confirmations", sale.operator, **query)
    assert [one["overdue"] for one in found.json()["data"]] == [True]
