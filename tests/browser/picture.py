"""`python -m tests.browser.picture`: the picture of the README, a sale in its timed phase as a bidder sees it.

Not a test: it plays a sale of the demonstration in a market of its own and writes docs/images/auction.png.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright, expect

from app.config import ROOT
from app.demo import data
from app.demo.steps import STAFF
from app.demo.stories import auction
from app.demo.world import instant
from tests import servers
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.market import Market, open_market
from tests.browser.proxy import Proxy
from tests.browser.viewers import Viewer

TARGET = ROOT / "docs" / "images" / "auction.png"
SIZE = {"width": 1280, "height": 860}
LARGEST = 300_000
FREE_BIDS = 4
BETWEEN_SECONDS = (97, 143, 71, 118)
BETWEEN_LAST_SECONDS = (31, 44)
LAST_SECONDS = 37


async def main() -> None:
    """Play and draw."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            open_market(Path(folder)) as market,
            Proxy(market.server.port) as proxy,
            async_playwright() as p,
        ):
            browser = await p.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            page = await browser.new_page(viewport=SIZE, locale="zh-CN")
            viewer = Viewer(page, proxy)
            await _play(market, viewer)
            TARGET.parent.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=TARGET)
            await browser.close()
    size = TARGET.stat().st_size
    print(f"{TARGET.relative_to(ROOT)}: {size} bytes")
    if size > LARGEST:
        sys.exit(f"larger than {LARGEST} bytes")


async def _play(market: Market, viewer: Viewer) -> None:
    world = market.world
    lot = await market.started()
    one, two = lot.buyers
    start, step = (int(float(data.amount(lot.sale[name]))) for name in ("start_wan", "step_wan"))
    ladder = [f"{start + steps * step}.00" for steps in (0, 1, 3, 4, 6, 7, 8)]
    await viewer.sign_in(one, to=f"/auctions/{lot.auction_id}")
    for number, amount in enumerate(ladder[:FREE_BIDS]):
        await auction.bid(world, lot, (one, two)[number % 2], amount)
        await world.advance(BETWEEN_SECONDS[number], by=STAFF.operator)
    await world.advance_to(instant((await market.told(lot))["free_ends_at"]), by=STAFF.operator)
    await expect(viewer.page.locator(".head .state")).to_have_text("限时竞价")
    for number, amount in enumerate(ladder[FREE_BIDS:]):
        await auction.bid(world, lot, (one, two)[number % 2], amount)
        if number < len(BETWEEN_LAST_SECONDS):
            await world.advance(BETWEEN_LAST_SECONDS[number], by=STAFF.operator)
    await viewer.open(f"/auctions/{lot.auction_id}")
    await world.advance(LAST_SECONDS, by=STAFF.operator)
    await auction.bid(world, lot, two, f"{start + 9 * step}.00")
    await expect(viewer.headline).to_contain_text("您被超越")
    await expect(viewer.page.locator(".board")).to_contain_text("已延时 +")
    await expect(viewer.page.locator(".rungs button").first).to_be_enabled()
    await expect(viewer.board.get_by_role("timer")).to_have_text(re.compile("00:5[0-7]"))


if __name__ == "__main__":
    started = servers.prepare()
    try:
        asyncio.run(main())
    finally:
        if started is not None:
            started.stop()
