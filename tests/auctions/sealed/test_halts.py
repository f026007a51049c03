"""A halted opening, and what happens to it while custodians go on handing in."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.errors.sealed import OpeningNotHalted
from app.auctions.sealed import actions, queries
from app.auctions.sealed.schemas import OpeningDecisionIn, SharesIn
from app.auctions.tables import AuctionRow
from tests.factories.auctions import CLOCK
from tests.factories.sealed import (
    Custodian,
    SealedSale,
    close_sealing,
    hand_in,
    make_sealing,
    opened_by,
    send,
)


async def hand_in_nothing(session: AsyncSession, sale: SealedSale, custodian: Custodian) -> AuctionRow:
    """A custodian whose key opens no envelope."""
    actor = custodian.member.actor
    told = await queries.envelopes_of(session, actor=actor, auction_id=sale.auction_id, round_no=1)
    shares = [one.model_copy(update={"share": None}) for one in opened_by(custodian, told)]
    asked = SharesIn(round_no=1, key=custodian.fingerprint, shares=shares)
    return await actions.hand_in_shares(session, CLOCK, actor=actor, auction_id=sale.auction_id, asked=asked)


async def go_on(session: AsyncSession, sale: SealedSale) -> AuctionRow:
    """The seller decides to go on without what is halted."""
    asked = OpeningDecisionIn(proceed=True, document_no="决〔2026〕1号", note="继续开标")
    return await actions.decide_opening(
        session, CLOCK, actor=sale.seller.actor, auction_id=sale.auction_id, asked=asked
    )


async def test_nobody_goes_on_without_an_envelope_that_might_open_after_all(session: AsyncSession) -> None:
    """Two keys of three open nothing; then the first one's deputy can: with the third seat all would open."""
    sale = await make_sealing(session, bidders=1)
    await send(session, sale, sale.bidders[0], "2100000.00")
    await close_sealing(session, sale)
    await hand_in_nothing(session, sale, sale.custodians[0][0])
    row = await hand_in_nothing(session, sale, sale.custodians[1][0])
    assert len(row.folded["sealing"]["halted"]) == 8
    await hand_in(session, sale, sale.custodians[0][1])
    with pytest.raises(OpeningNotHalted):
        await go_on(session, sale)
    row = await hand_in(session, sale, sale.custodians[2][0])
    assert (row.status, row.current_minor) == ("awarded", 210_000_000)


async def test_where_the_last_hope_is_gone_the_seller_decides_after_all(session: AsyncSession) -> None:
    sale = await make_sealing(session, bidders=1)
    await send(session, sale, sale.bidders[0], "2100000.00")
    await close_sealing(session, sale)
    for seat in (0, 1):
        await hand_in_nothing(session, sale, sale.custodians[seat][0])
    await hand_in(session, sale, sale.custodians[0][1])
    await hand_in_nothing(session, sale, sale.custodians[2][0])
    row = await go_on(session, sale)
    assert (row.status, row.current_minor) == ("passed_in", None)
