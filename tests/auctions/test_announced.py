"""What the page of a sale reads beside price and time: who won, why it stopped, and one's own maximum."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions, queries
from app.auctions.rules.commands import SuspendReason
from app.auctions.schemas import SuspendIn
from tests.factories.auctions import CLOCK, close, make_started, place


async def test_a_sale_says_under_which_code_it_was_won(session: AsyncSession) -> None:
    sale = await make_started(session)
    placed = await place(session, sale, sale.bidders[0], "2000000.00")
    before = await queries.read_auction(session, actor=None, auction_id=sale.auction_id)
    await close(session, sale)
    after = await queries.read_auction(session, actor=None, auction_id=sale.auction_id)
    (*_, last) = await queries.events_between(session, sale.auction_id, after=0, limit=100)
    assert (before.winner_code, after.winner_code) == (None, placed.bid.bidder_code)
    assert (last.kind, last.winner_code) == ("knocked_down", placed.bid.bidder_code)


async def test_whoever_comes_later_reads_why_a_sale_passed_in_or_stopped(session: AsyncSession) -> None:
    quiet, stopped = await make_started(session), await make_started(session)
    await close(session, quiet)
    asked = SuspendIn(reason=SuspendReason.OBJECTION, note="受理异议，暂停竞价")
    await actions.suspend(
        session, CLOCK, actor=stopped.operator.actor, auction_id=stopped.auction_id, asked=asked
    )

    passed = await queries.read_auction(session, actor=None, auction_id=quiet.auction_id)
    halted = await queries.read_auction(session, actor=None, auction_id=stopped.auction_id)

    assert passed.announcement is not None
    assert halted.announcement is not None
    assert (passed.announcement.kind, passed.announcement.reason) == ("passed_in", "no_bid")
    assert (halted.announcement.reason, halted.announcement.note) == ("objection", "受理异议，暂停竞价")


async def test_a_maximum_is_read_by_its_owner_alone(session: AsyncSession) -> None:
    sale = await make_started(session, bidders=2)
    owner, rival = sale.bidders
    await actions.set_proxy(
        session, CLOCK, actor=owner.actor, auction_id=sale.auction_id, maximum="2600000.00"
    )
    mine = await queries.standing(session, actor=owner.actor, auction_id=sale.auction_id)
    theirs = await queries.standing(session, actor=rival.actor, auction_id=sale.auction_id)
    assert mine.proxy_maximum is not None
    assert (mine.proxy_maximum.amount, theirs.proxy_maximum) == ("2600000.00", None)
    await actions.cancel_proxy(session, CLOCK, actor=owner.actor, auction_id=sale.auction_id)
    mine = await queries.standing(session, actor=owner.actor, auction_id=sale.auction_id)
    assert mine.proxy_maximum is None
