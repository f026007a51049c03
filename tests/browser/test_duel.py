"""Two enterprises bid each other up, each at a browser, from the registration to the confirmed contract."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from app.demo import data, steps
from app.demo.steps import STAFF
from app.demo.stories import auction
from app.demo.stories.auction import Lot
from app.demo.world import instant
from app.kit.dates import SHANGHAI
from app.kit.money import fen, yuan
from tests.browser.conftest import Sit
from tests.browser.market import BUYERS, SELLER, Market
from tests.browser.viewers import Viewer

pytestmark = pytest.mark.browser

ONE, TWO = (data.buyer_of(key) for key in BUYERS)


def prices(lot: Lot) -> list[str]:
    """The start price and the steps above it."""
    start, step = (fen(data.amount(lot.sale[name])) for name in ("start_wan", "step_wan"))
    return [yuan(start + number * step) for number in range(5)]


async def registers(one: Viewer, market: Market, lot: Lot, login: str) -> None:
    """Register on the page; the exchange qualifies and books the deposit under the number that the page tells."""
    await one.sign_in(login, to=f"/auctions/{lot.auction_id}")
    await expect(one.headline).to_contain_text("报名中")
    await one.page.get_by_role("button", name="报名参加").click()
    await expect(one.page.get_by_text("汇款附言")).to_be_visible()
    mine = await market.registration_of(lot, login)
    assert mine.deposit_number is not None
    await expect(one.page.locator(".way")).to_contain_text(mine.deposit_number)
    await steps.pay(market.world, mine, posted_at=await market.world.now())
    await steps.qualify(market.world, mine)
    lot.buyers[login] = mine


async def same_list(market: Market, lot: Lot, *viewers: Viewer) -> None:
    """Everybody's list is the record, line by line."""
    recorded = await market.bids(lot)
    for viewer in viewers:
        await expect(viewer.page.locator(".at-history tbody tr")).to_have_count(len(recorded))
        assert await viewer.shown_bids() == recorded


async def names_nobody(market: Market, lot: Lot, viewer: Viewer, login: str) -> None:
    """Neither the page nor the line to it ever said who the rival is."""
    (rival,) = [other for other in lot.buyers.values() if other.login != login]
    rival_person = await market.world.person(rival.login)
    session = rival_person.session
    assert session is not None
    secrets = [
        rival.party_name,
        rival.login,
        rival.registration_id,
        rival_person.party_id,
        session["user"]["id"],
    ]
    page = await viewer.page.content()
    said = bytes(viewer.proxy.answered)
    assert [secret for secret in secrets if secret in page or secret.encode() in said] == []
    own = await market.world.person(login)
    assert own.party_name.encode() in said  # the line was read: it does say who one is oneself


async def end_is_the_same(market: Market, lot: Lot, *viewers: Viewer) -> None:
    """The end to the second, and the countdown to what a look takes."""
    told = await market.told(lot)
    end = instant(told["ends_at"])
    for viewer in viewers:
        await expect(viewer.board).to_contain_text(f"截止 {end.astimezone(SHANGHAI):%H:%M:%S}")
        # The leap of the sandbox's clock is noticed by the event's own time.
        await expect(viewer.board.get_by_role("timer")).to_have_text(re.compile("^(00:[0-5]|01:00)"))
    shown = [await viewer.seconds_left() for viewer in viewers]
    left = (end - await market.world.now()) / timedelta(seconds=1)
    assert max(shown) - min(shown) <= 1
    assert all(-1 < seconds - left < 2.5 for seconds in shown), (shown, left)


async def test_two_enterprises_bid_each_other_up_and_both_sides_confirm_the_contract(
    sit: Sit, market: Market
) -> None:
    lot, table = await market.noticed()
    one, two = await sit(), await sit()
    await registers(one, market, lot, ONE)
    await auction.admit(market.world, lot, [TWO])
    await market.start(lot, table)
    await two.sign_in(TWO, to=f"/auctions/{lot.auction_id}")
    for viewer in (one, two):
        await expect(viewer.headline).to_contain_text("自由竞价")
        await expect(viewer.headline).to_contain_text("我的代号")

    # Lead and loss of it, each seen in the other browser without anybody asking.
    amounts = prices(lot)
    await one.bid(amounts[0])
    await expect(two.board).to_contain_text(f"¥{int(float(amounts[0])):,}.00")
    await two.bid(amounts[1])
    await expect(one.headline).to_contain_text("您被超越")
    await one.bid(amounts[2])
    await expect(two.headline).to_contain_text("您被超越")
    await same_list(market, lot, one, two)

    # A bid in the last seconds moves the end, for both alike.
    told = await market.told(lot)
    await market.world.advance_to(instant(told["free_ends_at"]), by=STAFF.operator)
    for viewer in (one, two):
        await expect(viewer.page.locator(".head .state")).to_have_text("限时竞价")
    await two.choose(amounts[3])
    end = instant((await market.told(lot))["ends_at"])
    await market.world.advance_to(end - timedelta(seconds=12), by=STAFF.operator)
    await two.confirm()
    await expect(two.headline).to_contain_text("您领先")
    await expect(one.headline).to_contain_text("您被超越")
    for viewer in (one, two):
        await expect(viewer.board).to_contain_text("第 1 次")
    assert instant((await market.told(lot))["ends_at"]) - end > timedelta(seconds=45)
    await end_is_the_same(market, lot, one, two)
    await same_list(market, lot, one, two)
    await names_nobody(market, lot, one, ONE)
    await names_nobody(market, lot, two, TWO)

    await auction.close(market.world, lot, "awarded")
    await expect(two.headline).to_contain_text("竞得")
    await expect(one.headline).to_contain_text("未竞得")
    await confirms(sit, market, lot, two, amounts[3])


async def confirms(sit: Sit, market: Market, lot: Lot, winner: Viewer, amount: str) -> None:
    """The winner finds the contract from the sale's page; the seller in his list; both confirm it."""
    seller = await sit()
    await seller.sign_in(data.seller_of(SELLER), to="/contracts")
    await winner.page.get_by_role("link", name="查看合同").click()
    for viewer in (winner, seller):
        row = viewer.page.locator("tbody tr").filter(has_text=str(lot.sale["title"]))
        await expect(row).to_contain_text("待您确认")
        await row.get_by_role("link").click()
        await expect(viewer.page.locator("article")).to_contain_text(f"¥{int(float(amount)):,}.00")
        await viewer.page.get_by_role("checkbox").check()
        await viewer.page.get_by_role("button", name="确认合同记录").click()
        await expect(viewer.page.locator(".confirm .done")).to_have_count(1 if viewer is winner else 2)
    await expect(winner.page.locator(".head")).to_contain_text("双方已确认")
    buyer = await market.world.person(TWO)
    (contract,) = [row for row in await buyer.every("/v1/contracts") if row["amount"]["amount"] == amount]
    assert contract["status"] == "confirmed"
