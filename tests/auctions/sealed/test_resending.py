"""An envelope counts from when it was received first, and a late copy of it takes no newer one's place."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.errors.sealed import EnvelopePassInvalid, EnvelopeSuperseded
from app.auctions.rules.sealed.receipts import check_replaces, pass_time
from app.auctions.sealed import actions
from app.auctions.sealed.actions import Taken
from app.auctions.sealed.schemas import PassOut
from app.auctions.sealed.vault import TIME_DIGITS, USER_DIGITS
from app.db.session import Database
from app.sealing.envelopes import nothing
from app.sealing.wire import Envelope
from tests.auctions.sale import START, seconds
from tests.auctions.sealed.test_examples import codes
from tests.auctions.sealed.test_opening import results
from tests.auctions.test_rules_sealed import sealing
from tests.factories.auctions import CLOCK, Sale
from tests.factories.sealed import make_sealing, open_all, pass_for, sealed_with, send


async def hand_over(session: AsyncSession, sale: Sale, given: PassOut, envelope: Envelope) -> Taken:
    """What the market makes of a request that was made with this pass."""
    return await actions.take_envelope(
        session, CLOCK, auction_id=sale.auction_id, shown=given.envelope_pass, envelope=envelope
    )


async def test_an_envelope_that_is_sent_again_keeps_its_place_between_equal_offers(
    session: AsyncSession,
) -> None:
    """A's answer is lost and A's client asks again after B: A was received first all the same."""
    sale = await make_sealing(session, bidders=2)
    given = await pass_for(session, sale, sale.bidders[0])
    mine = sealed_with(given, "2100000.00")
    told = []
    for number in range(2):
        told.append((await hand_over(session, sale, given, mine)).received_at)
        if number == 0:
            await send(session, sale, sale.bidders[1], "2100000.00")
    assert told[0] == told[1]
    row = await open_all(session, sale)
    a, b = await codes(session, sale)
    assert (row.status, row.leader_code) == ("sealing", a)
    received = {one["code"]: one["received_at"] for one in await results(session, sale) if one["code"]}
    assert received[a] < received[b]


async def test_a_delayed_copy_of_an_older_envelope_does_not_take_its_replacements_place(
    session: AsyncSession,
) -> None:
    """210 is sent, then 250 instead; a second copy of the first request arrives last. 250 counts."""
    sale = await make_sealing(session, bidders=1)
    bidder = sale.bidders[0]
    first = await pass_for(session, sale, bidder)
    older = sealed_with(first, "2100000.00")
    await hand_over(session, sale, first, older)
    second = await pass_for(session, sale, bidder)
    newer = sealed_with(second, "2500000.00")
    taken = await hand_over(session, sale, second, newer)
    with pytest.raises(EnvelopeSuperseded):
        await hand_over(session, sale, first, older)
    assert (await hand_over(session, sale, second, newer)).received_at == taken.received_at
    row = await open_all(session, sale)
    assert (row.status, row.current_minor) == ("awarded", 250_000_000)


async def test_an_envelope_that_was_overtaken_on_its_way_comes_too_late(session: AsyncSession) -> None:
    """210 never arrived, so its client takes it back; the lost request arrives after all, and is refused."""
    sale = await make_sealing(session, bidders=1)
    given = await pass_for(session, sale, sale.bidders[0])
    lost = sealed_with(given, "2100000.00")
    await hand_over(session, sale, given, sealed_with(given, nothing()))
    with pytest.raises(EnvelopeSuperseded):
        await hand_over(session, sale, given, lost)
    row = await open_all(session, sale)
    assert (row.status, row.bid_no) == ("passed_in", 0)


async def test_with_one_pass_an_envelope_is_replaced_by_no_other(session: AsyncSession) -> None:
    """Two programs of one bidder: the second to arrive learns of the first, fetches a new pass and replaces it."""
    sale = await make_sealing(session, bidders=1)
    given = await pass_for(session, sale, sale.bidders[0])
    await hand_over(session, sale, given, sealed_with(given, "2100000.00"))
    mine = sealed_with(given, "2300000.00")
    with pytest.raises(EnvelopeSuperseded):
        await hand_over(session, sale, given, mine)
    anew = await pass_for(session, sale, sale.bidders[0])
    assert (anew.envelope_id, anew.bidder_code) == (given.envelope_id, given.bidder_code)
    await hand_over(session, sale, anew, mine)
    row = await open_all(session, sale)
    assert row.current_minor == 230_000_000


async def test_the_moment_in_a_pass_cannot_be_put_forward(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=1)
    given = await pass_for(session, sale, sale.bidders[0])
    told = given.envelope_pass
    for micros in ("0" * TIME_DIGITS, "f" * TIME_DIGITS, "0005ffffffffffff"):
        forged = told[:USER_DIGITS] + micros + told[USER_DIGITS + TIME_DIGITS :]
        wrong = given.model_copy(update={"envelope_pass": forged})
        with pytest.raises(EnvelopePassInvalid):
            await hand_over(session, sale, wrong, sealed_with(given, "2100000.00"))


def test_an_envelope_replaces_what_had_been_received_when_its_pass_was_given() -> None:
    check_replaces(START, lies_since=None)
    check_replaces(START, lies_since=START)
    check_replaces(START, lies_since=START - seconds(1))
    with pytest.raises(EnvelopeSuperseded):
        check_replaces(START, lies_since=START + timedelta(microseconds=1))


def test_a_pass_that_a_clock_run_back_gives_replaces_what_lies_there_all_the_same() -> None:
    now = sealing().now
    assert pass_time(now, START + seconds(5), lies_since=None) == START + seconds(5)
    assert pass_time(now, START + seconds(5), lies_since=START + seconds(9)) == START + seconds(9)
    assert pass_time(now, START - seconds(5), lies_since=None) == START


async def test_over_http_a_delayed_copy_is_refused_with_what_to_do(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_sealing(session, bidders=1)
    path, headers = f"/v1/auctions/{sale.auction_id}/envelope", sale.bidders[0].headers
    requests = []
    for amount in ("2100000.00", "2500000.00"):
        given = PassOut.model_validate((await client.get(path, headers=headers)).json())
        requests.append(
            {
                "json": sealed_with(given, amount).model_dump(mode="json"),
                "headers": {"Envelope-Pass": given.envelope_pass},
            }
        )
        assert (await client.put(path, **requests[-1])).status_code == 200
    receipt = (await client.put(path, **requests[1])).json()
    late = await client.put(path, **requests[0])
    told = late.json()
    assert (late.status_code, told["code"]) == (409, "envelope_superseded")
    assert "Envelope-Pass" in told["remedy"] and "Envelope-Pass" in told["remedy_en"]
    again = await client.put(path, **requests[1])
    assert (again.status_code, again.json()) == (200, receipt)
