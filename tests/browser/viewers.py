"""People in front of a browser: what they press and what they see, with everything that went wrong written down."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from playwright.async_api import ConsoleMessage, Locator, Page, expect

from tests.browser.chromium import ROOT
from tests.browser.market import PASSWORD
from tests.browser.proxy import Proxy

AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
TELL_VIOLATIONS = """
addEventListener('securitypolicyviolation', (event) =>
  console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`))
"""
STILL = """() => Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => 0)))"""
"""What fades in has fewer colours than what is there."""


@dataclass
class Viewer:
    """One person at one browser, behind a line of his own."""

    page: Page
    proxy: Proxy
    complaints: list[str] = field(default_factory=list)
    forgives: str | None = None
    """What the test itself breaks, as the browser words it."""

    async def watch(self) -> None:
        """Write down whatever goes wrong in the page."""
        await self.page.add_init_script(TELL_VIOLATIONS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        url = str(message.location.get("url", ""))
        # A visitor asks who he is and is told that he is nobody; browsers write that down as an error.
        if url.endswith("/v1/session") and "401" in message.text:
            return
        if self.forgives is None or self.forgives not in message.text:
            self.complaints.append(f"{message.text} {url}")

    async def sign_in(self, login: str, *, to: str = "/") -> None:
        """By password, on the page for it, and on to another page."""
        await self.page.goto(f"{self.proxy.url}/sign-in?next={to}")
        await self.page.get_by_label("登录名").fill(login)
        await self.page.get_by_label("密码").fill(PASSWORD)
        await self.page.locator("form").get_by_role("button", name="登录").click()
        await self.page.wait_for_url(f"{self.proxy.url}{to}")

    async def open(self, path: str) -> None:
        """Go to a page."""
        await self.page.goto(f"{self.proxy.url}{path}")

    @property
    def headline(self) -> Locator:
        """Where one stands in the sale."""
        return self.page.locator(".bid-panel header")

    @property
    def board(self) -> Locator:
        """Price and time."""
        return self.page.locator(".board")

    async def choose(self, amount: str) -> None:
        """The first step: an amount, in yuan."""
        box = self.page.locator(".ladder").get_by_role("textbox")
        await box.fill(amount)
        await self.page.locator(".ladder .go").click()
        await expect(self.page.get_by_role("dialog")).to_be_visible()

    async def confirm(self) -> None:
        """The second step."""
        await self.page.get_by_role("dialog").get_by_role("button", name="确认出价").click()

    async def bid(self, amount: str) -> None:
        """Both steps, up to its known outcome."""
        await self.choose(amount)
        await self.confirm()
        await expect(self.page.locator(".outcome.lead")).to_be_visible()
        await expect(self.headline).to_contain_text("您领先")

    async def shown_bids(self) -> list[tuple[int, str, str]]:
        """The list on the page: number, code, amount."""
        rows = await self.page.locator(".at-history tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
        )
        return [
            (int(no), code.removeprefix("我").strip(), f"{Decimal(amount.replace(',', '')):.2f}")
            for no, code, amount, *_ in rows
        ]

    async def seconds_left(self) -> int:
        """What the countdown shows."""
        text = await self.board.get_by_role("timer").inner_text()
        *hours, minutes, seconds = (int(part) for part in text.split(":"))
        return (hours[0] if hours else 0) * 3600 + minutes * 60 + seconds

    async def accessible(self, *, within: str = "document") -> list[str]:
        """What axe finds wrong."""
        await self.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        await self.page.evaluate(STILL)
        found: Sequence[Any] = await self.page.evaluate(
            f"""async () => (await axe.run({json.dumps(within) if within != "document" else within},
              {{ resultTypes: ['violations'] }})).violations.map(
              (one) => `${{one.id}}: ${{one.nodes.map((node) => node.target.join(' ')).join('; ')}}`)"""
        )
        return [str(one) for one in found]

    async def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(
            await self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )
