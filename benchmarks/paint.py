"""From the commit of a bid to its row on a watcher's screen, in a real browser, while other sales are bid on.

The commit is taken as the moment at which the bid's sender had his answer; the paint as the first task after the frame in
which the row was there. Both are read on one machine's clock.
"""

import asyncio
import json
import subprocess
import sys
import time
import uuid
from dataclasses import asdict
from statistics import quantiles
from typing import Any

import httpx
from playwright.async_api import async_playwright

from app.config import ROOT
from benchmarks.load import Plan
from tests.browser.chromium import ARGUMENTS, executable

EVENTS = 60
PER_SECOND = 10.0
SETTLE_SECONDS = 2.0

_WATCH = """
() => {
  window.painted = {};
  new MutationObserver(() => {
    for (const row of document.querySelectorAll('.at-history tbody tr')) {
      const no = row.cells[0].textContent.trim();
      if (no in window.painted) continue;
      window.painted[no] = 0;
      requestAnimationFrame(() => setTimeout(() => { window.painted[no] = performance.timeOrigin + performance.now(); }, 0));
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""


def built() -> bool:
    """Whether there are pages to paint."""
    return (ROOT / "frontend" / "dist" / "index.html").is_file()


async def measure(
    port: int, *, auction: str, keys: list[str], next_minor: int, step_minor: int, load: Plan
) -> float:
    """The 95th percentile, in milliseconds, of `EVENTS` bids while a load plays."""
    process = await asyncio.to_thread(_play, load)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            page = await browser.new_page(viewport={"width": 1280, "height": 900})
            await page.goto(f"http://127.0.0.1:{port}/auctions/{auction}")
            await page.locator(".at-history").wait_for()
            await page.evaluate(_WATCH)
            answered = await _bid(port, auction, keys, next_minor, step_minor)
            await asyncio.sleep(SETTLE_SECONDS)
            painted: dict[str, float] = await page.evaluate("() => window.painted")
            await browser.close()
    finally:
        process.kill()
        process.wait()
    took = [painted[no] - at for no, at in answered.items() if painted.get(no)]
    if len(took) < EVENTS * 0.95:
        raise RuntimeError(f"only {len(took)} of {EVENTS} bids were painted")
    return quantiles(took, n=20)[-1]


def _play(load: Plan) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(load)).encode())
    process.stdin.close()
    return process


async def _bid(port: int, auction: str, keys: list[str], amount: int, step: int) -> dict[str, float]:
    """Bid at a steady pace. When each `bid_no` was answered, in milliseconds of the clock."""
    answered: dict[str, float] = {}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for number in range(EVENTS):
            body: dict[str, Any] = {"amount": f"{amount // 100}.{amount % 100:02d}"}
            headers = {
                "Authorization": f"Bearer {keys[number % len(keys)]}",
                "Idempotency-Key": uuid.uuid4().hex,
            }
            told = await client.post(f"/v1/auctions/{auction}/bids", json=body, headers=headers)
            told.raise_for_status()
            answered[str(told.json()["bid_no"])] = time.time() * 1000
            amount += step
            await asyncio.sleep(1 / PER_SECOND)
    return answered
