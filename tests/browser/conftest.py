"""A browser, a market behind it, and people."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, async_playwright, expect

from app.config import ROOT
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.market import Market, open_market
from tests.browser.proxy import Proxy
from tests.browser.viewers import Viewer

DESKTOP = (1280, 900)
PHONE = (360, 740)
PATIENCE_MS = 15_000
Sit = Callable[..., Awaitable[Viewer]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
async def market(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Market]:
    """A market with the built pages."""
    if not (ROOT / "frontend" / "dist" / "index.html").is_file():
        pytest.fail("the pages are not built: run `make web`")
    async with open_market(tmp_path_factory.mktemp("market")) as opened:
        yield opened


@pytest.fixture
async def sit(browser: Browser, market: Market) -> AsyncIterator[Sit]:
    """Gives people a browser window each; at the end nothing may have gone wrong in any."""
    viewers: list[Viewer] = []
    async with AsyncExitStack() as stack:

        async def sat(*, size: tuple[int, int] = DESKTOP) -> Viewer:
            proxy = await stack.enter_async_context(Proxy(market.server.port))
            context = await browser.new_context(
                viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="America/New_York"
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            viewer = Viewer(await context.new_page(), proxy)
            await viewer.watch()
            viewers.append(viewer)
            return viewer

        yield sat
        assert [viewer.complaints for viewer in viewers] == [[] for _ in viewers]
