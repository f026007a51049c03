"""Lines that break, answers that are lost, clocks that are wrong: what a bidder sees then, and what he can rely on."""

import re
import time

import pytest
from playwright.async_api import expect

from app.demo import data
from app.demo.stories.auction import Lot
from app.demo.world import instant
from app.kit.money import fen, yuan
from tests.browser.conftest import Sit
from tests.browser.market import BUYERS, Market

pytestmark = pytest.mark.browser

ONE, TWO = (data.buyer_of(key) for key in BUYERS)
RESUMED_SECONDS = 3.0
WRONG_CLOCK = """(() => {
  const Real = Date
  class Wrong extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Wrong.now()) }
    static now() { return Real.now() + %d * 60000 }
  }
  globalThis.Date = Wrong
})()"""


@pytest.fixture(scope="module")
async def lot(market: Market) -> Lot:
    """A sale in its free phase."""
    return await market.started()


async def next_amount(market: Market, lot: Lot, *, steps: int = 0) -> str:
    """The least amount that counts, or some steps above it."""
    told = await market.told(lot)
    return yuan(fen(told["next_amount"]["amount"]) + steps * fen(told["increment"]["amount"]))


async def bids(market: Market, lot: Lot, login: str) -> None:
    """The next bid, over the API."""
    bidder = await market.world.person(login)
    await bidder.post(f"{lot.path}/bids", {"amount": await next_amount(market, lot)}, expect=201)


async def behind_and_ahead(market: Market, lot: Lot) -> tuple[str, str]:
    """Who can bid now, and who leads; there is a bid in any case."""
    leader = (await market.told(lot))["current_bidder_code"]
    if leader is None:
        await bids(market, lot, TWO)
        return ONE, TWO
    standing = await (await market.world.person(ONE)).get(f"{lot.path}/me")
    return (TWO, ONE) if leader == standing["bidder_code"] else (ONE, TWO)


async def test_a_cut_line_is_said_and_resumes_without_gap_or_duplicate(
    sit: Sit, market: Market, lot: Lot
) -> None:
    await bids(market, lot, TWO)
    viewer = await sit()
    viewer.forgives = "net::ERR_"
    await viewer.open(f"/auctions/{lot.auction_id}")
    await expect(viewer.page.locator(".chip")).to_contain_text("连接良好")
    before = await market.bids(lot)
    assert await viewer.shown_bids() == before

    banner = viewer.page.locator(".banner[role=alert]")
    viewer.proxy.cut()
    await expect(banner).to_contain_text("连接中断")
    await expect(viewer.board).to_have_class(re.compile("stale"))
    for login in (ONE, TWO, ONE, TWO):
        await bids(market, lot, login)
    # Long enough for a wait that doubles to have grown beyond the limit.
    await expect(banner).to_contain_text("4 秒前")
    assert await viewer.shown_bids() == before

    viewer.proxy.asked.clear()
    viewer.proxy.mend()
    began = time.monotonic()
    after = await market.bids(lot)
    await expect(viewer.page.locator(".at-history tbody tr")).to_have_count(len(after))
    await expect(banner).to_have_count(0)
    assert time.monotonic() - began < RESUMED_SECONDS
    assert await viewer.shown_bids() == after
    asked = bytes(viewer.proxy.asked).lower()
    assert b"last-event-id: " in asked  # the stream went on from where it was
    assert b"/bids" not in asked  # and nothing had to be read anew


async def test_a_bid_whose_answer_is_lost_is_asked_for_under_the_same_key_and_counts_once(
    sit: Sit, market: Market, lot: Lot
) -> None:
    mine, _ = await behind_and_ahead(market, lot)
    viewer = await sit()
    viewer.forgives = "net::ERR_"
    await viewer.sign_in(mine, to=f"/auctions/{lot.auction_id}")
    amount = await next_amount(market, lot)
    before = await market.bids(lot)
    await viewer.choose(amount)
    viewer.proxy.lose_answer(b"POST /v1/auctions/")
    await viewer.confirm()
    await viewer.proxy.lost.wait()
    outcome = viewer.page.locator(".outcome")
    await expect(outcome).to_contain_text("结果待确认")
    await expect(outcome).not_to_contain_text("未被接受")
    after = await market.bids(lot)
    assert [one[2] for one in after] == [amount, *(one[2] for one in before)]  # it did count

    # The page is left and opened again in the same tab: the intent is still there, and the server knows its key.
    await viewer.page.goto("about:blank")
    viewer.proxy.mend()
    await viewer.open(f"/auctions/{lot.auction_id}")
    await expect(outcome).to_contain_text("已接受")
    await expect(viewer.headline).to_contain_text("您领先")
    assert await market.bids(lot) == after
    sent = bytes(viewer.proxy.asked).split(b"POST /v1/auctions/")[1:]
    keys = [re.search(rb"(?i)idempotency-key: (\S+)", one) for one in sent]
    assert len(sent) >= 2
    assert len({key and key[1] for key in keys}) == 1


async def test_a_bidder_who_is_beaten_to_it_keeps_his_amount_and_sends_nothing(
    sit: Sit, market: Market, lot: Lot
) -> None:
    mine, rival = await behind_and_ahead(market, lot)
    viewer = await sit()
    await viewer.sign_in(mine, to=f"/auctions/{lot.auction_id}")
    amount = await next_amount(market, lot)
    await viewer.choose(amount)
    await viewer.page.keyboard.press("Escape")
    await viewer.choose(await next_amount(market, lot, steps=2))
    dialog = viewer.page.get_by_role("dialog")
    await bids(market, lot, mine)
    await bids(market, lot, rival)
    await expect(dialog.get_by_role("alert")).to_contain_text("没有改动，也没有发送")
    await expect(dialog.get_by_role("button", name="确认出价")).to_have_count(0)
    assert b"POST /v1/auctions/" not in bytes(viewer.proxy.asked)


@pytest.mark.parametrize("minutes", [10, -10])
async def test_the_countdown_is_right_where_the_computers_clock_is_wrong(
    sit: Sit, market: Market, lot: Lot, minutes: int
) -> None:
    viewer = await sit()
    await viewer.page.add_init_script(WRONG_CLOCK % minutes)
    await viewer.open(f"/auctions/{lot.auction_id}")
    await expect(viewer.board.get_by_role("timer")).to_have_text(re.compile(r"^\d"))
    shown = await viewer.seconds_left()
    end = instant((await market.told(lot))["ends_at"])
    left = (end - await market.world.now()).total_seconds()
    assert -1 < shown - left < 2.5
    off = await viewer.page.evaluate("Date.now() - performance.timeOrigin - performance.now()")
    assert abs(off - minutes * 60_000) < 5_000  # the clock was wrong indeed
