"""An offer is sealed in a real browser, under the real content security policy, and opened by the custodians."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Request, expect
from pydantic import SecretStr

from app.auctions.sealed.vault import Vault
from app.config import Settings
from app.db.session import Database
from app.identity.actions import open_session
from app.kit.ids import new_id
from app.signing.keyring import Keyring
from tests import servers
from tests.browser.conftest import DESKTOP
from tests.browser.viewers import TELL_VIOLATIONS
from tests.factories.sealed import SealedSale, make_sealing, open_all
from tests.processes import serve

pytestmark = pytest.mark.browser

SECRET = "a secret for tests, thirty-two characters and more"
AMOUNT = "3141592.65"
FORMS = ("3141592", "3,141,592", "314159265", "314.159")


async def _sale(database: Database) -> tuple[SealedSale, str]:
    """A sale that takes envelopes, and the session of its first bidder."""
    async with database.transaction() as session:
        sale = await make_sealing(session, bidders=1)
        bidder = sale.bidders[0]
        token = await open_session(session, user_id=bidder.user_id, party_id=bidder.party_id)
    return sale, token


async def _seals(page: Page, amount: str) -> None:
    await page.get_by_label("报价", exact=True).fill(amount)
    await page.get_by_role("button", name="核对").click()
    await expect(page.get_by_text("¥3,141,592.65")).to_be_visible()
    await expect(page.get_by_text("叁佰壹拾肆万壹仟伍佰玖拾贰元陆角伍分")).to_be_visible()
    await page.get_by_role("button", name="确认密封").click()
    await expect(page.get_by_role("heading", name="已密封")).to_be_visible()


async def test_a_browser_seals_an_amount_that_only_the_custodians_read(
    browser: Browser, tmp_path: Path
) -> None:
    url = await servers.create_database_async(f"envelope_{new_id().hex}")
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET))
    database = Database(settings.asyncpg_url, pool_size=2)
    database.lend(vault=Vault.of(settings), keyring=Keyring.of(settings))
    log = tmp_path / "api.log"
    named = {"SECRET_KEY": SECRET, "LOG_LEVEL": "debug"}
    try:
        sale, token = await _sale(database)
        with serve(url, log=log, settings=named) as server:
            context = await browser.new_context(
                viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale="zh-CN"
            )
            await context.add_cookies([{"name": "jishi", "value": token, "url": server.url}])
            page = await context.new_page()
            complaints: list[str] = []
            sent: list[str] = []

            def heard(request: Request) -> None:
                sent.append(f"{request.method} {request.url} {request.headers} {request.post_data}")

            page.on("request", heard)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
            await page.add_init_script(TELL_VIOLATIONS)
            await page.goto(f"{server.url}/auctions/{sale.auction_id}/envelope")
            await expect(page.get_by_text("3 席托管人中须有 2 席共同开启")).to_be_visible()
            await _seals(page, AMOUNT)
            kept = await page.evaluate(
                "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"
            )
            async with page.expect_download() as download:
                await page.get_by_role("link", name="下载回执").click()
            receipt = written(Path(await (await download.value).path()))
            await context.close()
        assert complaints == []
        puts = [one for one in sent if one.startswith("PUT")]
        assert len(puts) == 1
        assert "cookie" not in puts[0].lower()
        everywhere = "\n".join([*sent, kept, receipt, written(log)])
        assert [form for form in FORMS if form in everywhere] == []
        assert re.search(r"/v1/auctions/[^\"]*/envelope", written(log)) is None
        assert json.loads(receipt)["signature"]
        async with database.transaction() as session:
            row = await open_all(session, sale, seats=(1, 3))
            assert (row.status, row.current_minor) == ("awarded", 314_159_265)
    finally:
        await database.dispose()
        await servers.drop_database_async(url.rsplit("/", 1)[1])


def written(log: Path) -> str:
    """What the server has written."""
    return log.read_text(encoding="utf-8") if log.exists() else ""
