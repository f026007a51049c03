"""The pages that anybody opens, wide and narrow: nothing complains, nothing is cut off, everybody can use them."""

import pytest
from playwright.async_api import expect

from app.demo import data
from app.demo.stories.auction import Lot
from tests.browser.conftest import DESKTOP, PHONE, Sit
from tests.browser.market import BUYERS, Market

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture(scope="module")
async def lot(market: Market) -> Lot:
    """A sale in its free phase, with a bid."""
    made = await market.started()
    bidder = await market.world.person(data.buyer_of(BUYERS[1]))
    await bidder.post(f"{made.path}/bids", {"amount": data.amount(made.sale["start_wan"])}, expect=201)
    return made


@SIZES
async def test_a_visitor_finds_an_achievement_and_a_sale(
    sit: Sit, market: Market, lot: Lot, size: tuple[int, int]
) -> None:
    viewer = await sit(size=size)
    page = viewer.page
    row, _ = market.achievements[-1]

    async def sound(where: str) -> None:
        assert (where, await viewer.overflow()) == (where, 0)
        assert (where, await viewer.accessible()) == (where, [])

    await viewer.open("/")
    await expect(page.get_by_role("link", name=str(lot.sale["title"]))).to_be_visible()
    await expect(page.get_by_text(str(row["title"]))).to_be_visible()
    await sound("home")

    await page.get_by_role("searchbox").fill(str(row["title"])[:8])
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/achievements?q=*")
    await expect(page.locator("main article")).to_have_count(1)
    await sound("search")

    await page.get_by_role("link", name=str(row["title"])).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(str(row["title"]))
    await expect(page.get_by_text(str(row["summary"]["problem"]), exact=True)).to_be_visible()
    await sound("achievement")

    await page.get_by_role("navigation").get_by_role("link", name="竞价").click()
    await expect(page.get_by_role("link", name=str(lot.sale["title"]))).to_be_visible()
    await sound("auctions")

    await page.get_by_role("link", name=str(lot.sale["title"])).click()
    await expect(viewer.headline).to_contain_text("自由竞价")
    await expect(page.locator(".watch")).to_contain_text("旁观")
    await expect(page.locator(".chip")).to_contain_text("连接良好")
    await sound("sale")


@SIZES
async def test_a_bidders_ladder_and_the_second_step_can_be_used_by_everybody(
    sit: Sit, market: Market, lot: Lot, size: tuple[int, int]
) -> None:
    viewer = await sit(size=size)
    await viewer.sign_in(data.buyer_of(BUYERS[0]), to=f"/auctions/{lot.auction_id}")
    told = await market.told(lot)
    await expect(viewer.page.locator(".rungs button").first).to_be_enabled()
    assert (await viewer.overflow(), await viewer.accessible()) == (0, [])
    await viewer.choose(told["next_amount"]["amount"])
    await expect(viewer.page.get_by_role("dialog")).to_contain_text("元整")
    assert (await viewer.overflow(), await viewer.accessible()) == (0, [])
    # By the keyboard alone: out of the dialog, and back to where one was.
    await viewer.page.keyboard.press("Escape")
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await expect(viewer.page.locator(".ladder .go")).to_be_focused()
    assert (await market.told(lot))["bid_no"] == told["bid_no"]


async def test_an_address_that_does_not_exist_is_said_so_and_an_unknown_sale_too(sit: Sit) -> None:
    viewer = await sit()
    await viewer.open("/nothing/here")
    await expect(viewer.page.get_by_role("heading", name="没有这个页面")).to_be_visible()
    assert await viewer.accessible() == []
