"""The auctioneer plays a lot by keyboard, floor and web together; the big screen and the session's page follow."""

import re
from datetime import datetime

import pytest
from playwright.async_api import expect

from app.demo import data
from app.demo.steps import STAFF
from app.kit.dates import SHANGHAI
from app.kit.money import fen, yuan
from tests.browser.conftest import PHONE, Sit
from tests.browser.hall import AUCTIONEER, Hall, open_hall
from tests.browser.market import BUYERS, Market
from tests.browser.viewers import Viewer

pytestmark = pytest.mark.browser

ONE, TWO = (data.buyer_of(key) for key in BUYERS)
SCREEN = (1920, 1080)


@pytest.fixture(scope="module")
async def hall(market: Market) -> Hall:
    """A session of two lots at the hour of its start; one bidder has not come for his paddle, and bids from the web."""
    return await open_hall(market, absent=[TWO])


def minute_of(at: str) -> str:
    """An instant as the pages show it."""
    return datetime.fromisoformat(at).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


async def keys_in(console: Viewer, paddle: int, amount: str) -> None:
    """Paddle, Enter, amount, Enter: nothing else."""
    paddle_box, amount_box = (console.page.locator(".entry input").nth(place) for place in (0, 1))
    await paddle_box.fill(str(paddle))
    await paddle_box.press("Enter")
    await expect(amount_box).to_be_focused()
    await amount_box.fill(amount)
    await amount_box.press("Enter")
    await expect(paddle_box).to_have_value("")


async def calls(console: Viewer, screen: Viewer, hall: Hall, number: int) -> None:
    """One call by its key, seen on the big screen, and its warning over."""
    await expect(console.page.locator(".call")).to_be_enabled()
    await console.page.keyboard.press("c")
    await expect(screen.page.locator("li.on")).to_have_count(number)
    await expect(console.page.locator(".hammer")).to_be_disabled()
    await hall.warned()


async def test_a_lot_is_played_at_the_console_and_the_big_screen_follows(
    sit: Sit, market: Market, hall: Hall
) -> None:
    start, step = (fen(data.amount(hall.sales[0][name])) for name in ("start_wan", "step_wan"))
    console, screen, bidder = await sit(), await sit(size=SCREEN), await sit(size=PHONE)
    await screen.open(f"{hall.path}/screen")
    await expect(screen.page.locator(".verdict")).to_contain_text("即将开拍")
    await console.sign_in(AUCTIONEER, to=f"{hall.path}/console")
    await console.page.get_by_role("button", name="开拍 01 号").click()
    await expect(console.page.locator(".entry")).to_be_visible()
    await expect(console.page.locator(".call")).to_be_disabled()  # nobody has bid
    await keys_in(console, hall.paddles[ONE], yuan(start)[:-3])
    await expect(screen.page.locator(".who")).to_contain_text(str(hall.paddles[ONE]))

    # From the web, under the same lock; then a wrong amount from the floor, which is struck in public.
    await bidder.sign_in(TWO, to=f"/auctions/{hall.lots[0]}")
    await expect(bidder.headline).to_contain_text("槌前竞价")
    await bidder.bid(yuan(start + step))
    await expect(console.page.locator(".lot .now")).to_contain_text(str(hall.paddles[TWO]))
    await keys_in(console, hall.paddles[ONE], yuan(start + 3 * step)[:-3])
    await expect(bidder.headline).to_contain_text("您被超越")
    await console.page.get_by_role("button", name="更正上一口").click()
    await console.page.get_by_role("button", name="确认更正").click()
    await expect(bidder.headline).to_contain_text("您领先")
    await expect(bidder.page.locator(".at-history tr.struck")).to_contain_text("更正")
    assert (await screen.overflow(), await screen.accessible()) == (0, [])
    assert await console.accessible() == []

    for number in (1, 2, 3):
        await calls(console, screen, hall, number)
    await expect(bidder.board).to_contain_text("第三次")
    await expect(console.page.locator(".hammer")).to_be_enabled()
    await console.page.keyboard.press("h")
    await expect(screen.page.locator(".verdict")).to_contain_text("已成交")
    await expect(bidder.headline).to_contain_text("竞得")
    sold = await hall.lot(1)
    assert sold["current_price"]["amount"] == yuan(start + step)
    await expect(bidder.board).to_contain_text(minute_of(sold["ended_at"]))
    await expect(console.page.get_by_role("button", name="开拍 02 号")).to_be_visible()


async def test_a_session_has_its_lots_on_one_clock(sit: Sit, hall: Hall) -> None:
    viewer = await sit(size=PHONE)
    await viewer.open(hall.path)
    await expect(viewer.page.locator("tbody tr")).to_have_count(len(hall.lots))
    await expect(viewer.page.locator("tbody tr").first).to_contain_text("已成交")
    await expect(viewer.page.get_by_text(re.compile("已成交 1 件"))).to_be_visible()
    assert (await viewer.overflow(), await viewer.accessible()) == (0, [])
    await viewer.open(f"{hall.path}/screen")
    await expect(viewer.page.locator(".no")).to_contain_text("02")


async def test_the_door_hands_a_paddle_out_and_exchanges_it_by_keyboard(
    sit: Sit, market: Market, hall: Hall
) -> None:
    clerk, drawn = await sit(), hall.paddles[TWO]
    await clerk.sign_in(STAFF.operator, to=f"{hall.path}/door")
    keyboard, rows = clerk.page.keyboard, clerk.page.locator("tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.filter(has_text="未领取")).to_have_count(1)
    await expect(clerk.page.get_by_role("searchbox")).to_be_focused()

    # A paddle that is on the sheet, and still lies at the door: number, Enter, Enter.
    await keyboard.type(str(drawn))
    await keyboard.press("Enter")
    await expect(clerk.page.get_by_role("button", name=f"交付 {drawn} 号牌")).to_be_focused()
    assert await clerk.accessible() == []
    await keyboard.press("Enter")
    await expect(clerk.page.locator(".told")).to_contain_text(f"{drawn} 号牌已交付")
    await expect(rows.filter(has_text="已交付")).to_have_count(2)
    await expect(clerk.page.get_by_role("searchbox")).to_be_focused()

    # It is lost: the number is void, another is drawn, and his code on every lot stays.
    await keyboard.type(str(drawn))
    await keyboard.press("Enter")
    await clerk.page.get_by_role("button", name="报失换牌").click()
    await keyboard.type("遗失，身份已核对")
    await keyboard.press("Enter")
    await expect(clerk.page.locator(".told")).to_contain_text(f"{drawn} 号牌已作废")
    mine = await (await market.world.person(TWO)).get(f"{hall.path}/me".replace("/sessions", "/v1/sessions"))
    given = mine["paddle_no"]
    assert given != drawn
    await expect(clerk.page.locator(".told")).to_contain_text(f"{given} 号牌")
    await expect(clerk.page.locator(".exchanges li")).to_contain_text(
        re.compile(f"{drawn} → {given}.*遗失，身份已核对")
    )
    await keyboard.type(str(given))
    await keyboard.press("Enter")
    await expect(clerk.page.locator(".desk")).to_contain_text(f"仍为 {drawn}")
    assert (await clerk.overflow(), await clerk.accessible()) == (0, [])
    await clerk.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert (await clerk.overflow(), await clerk.accessible()) == (0, [])


async def test_door_and_console_are_closed_to_whoever_they_are_not_for(sit: Sit, hall: Hall) -> None:
    for login in (ONE, AUCTIONEER):
        viewer = await sit()
        await viewer.sign_in(login, to=hall.path)
        await expect(viewer.page.locator("nav.doors")).to_be_visible()
        await expect(viewer.page.get_by_role("link", name="号牌登记")).to_have_count(0)
        await viewer.open(f"{hall.path}/door")
        await expect(viewer.page.get_by_text("此页仅供门口登记人员使用")).to_be_visible()
        assert await viewer.accessible() == []
        if login == ONE:
            await viewer.open(f"{hall.path}/console")
            await expect(viewer.page.get_by_text("此页仅供本场主持使用")).to_be_visible()
            assert await viewer.accessible() == []
