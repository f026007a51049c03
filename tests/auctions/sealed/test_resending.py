"""An envelope counts from when it was received first."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.sealed import actions
from tests.auctions.sealed.test_examples import codes
from tests.auctions.sealed.test_opening import results
from tests.factories.auctions import CLOCK
from tests.factories.sealed import make_sealing, open_all, pass_for, sealed_with, send


async def test_an_envelope_that_is_sent_again_keeps_its_place_between_equal_offers(
    session: AsyncSession,
) -> None:
    """A's answer is lost and A's client asks again after B: A was received first all the same."""
    sale = await make_sealing(session, bidders=2)
    given = await pass_for(session, sale, sale.bidders[0])
    mine = sealed_with(given, "2100000.00")
    told = []
    for number in range(2):
        taken = await actions.take_envelope(
            session, CLOCK, auction_id=sale.auction_id, shown=given.envelope_pass, envelope=mine
        )
        told.append(taken.received_at)
        if number == 0:
            await send(session, sale, sale.bidders[1], "2100000.00")
    assert told[0] == told[1]
    row = await open_all(session, sale)
    a, b = await codes(session, sale)
    assert (row.status, row.leader_code) == ("sealing", a)
    received = {one["code"]: one["received_at"] for one in await results(session, sale) if one["code"]}
    assert received[a] < received[b]
