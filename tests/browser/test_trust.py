"""What holds without anybody watching: a maximum bids for its owner, a slip is asked about, a record proves itself."""

import json
from pathlib import Path

import pytest
from playwright.async_api import expect

from app.demo import data
from app.demo.stories import auction
from app.demo.stories.auction import Lot
from app.kit.money import fen, yuan
from tests.browser.conftest import PHONE, Sit
from tests.browser.market import BUYERS, Market
from tests.browser.viewers import Viewer

pytestmark = pytest.mark.browser

ONE, TWO = (data.buyer_of(key) for key in BUYERS)


@pytest.fixture(scope="module")
async def lot(market: Market) -> Lot:
    """A sale in its free phase."""
    return await market.started()


async def leaves_maximum(viewer: Viewer, amount: str) -> None:
    """In two steps, as the dialog asks."""
    await viewer.page.get_by_role("button", name="设置委托出价").click()
    dialog = viewer.page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill(amount)
    await dialog.get_by_role("button", name="下一步").click()
    await expect(dialog).to_contain_text("元整")
    assert await viewer.accessible() == []
    await dialog.get_by_role("button", name="确认委托").click()
    await expect(dialog).to_have_count(0)


async def test_a_maximum_bids_while_its_owners_page_is_closed_and_nobody_else_sees_it(
    sit: Sit, market: Market, lot: Lot
) -> None:
    start, step = (fen(data.amount(lot.sale[name])) for name in ("start_wan", "step_wan"))
    maximum = yuan(start + 9 * step)
    owner, rival = await sit(), await sit(size=PHONE)
    await owner.sign_in(ONE, to=f"/auctions/{lot.auction_id}")
    await leaves_maximum(owner, maximum)
    await expect(owner.headline).to_contain_text("您领先")
    await expect(owner.page.locator(".proxy-line")).to_contain_text(f"{int(float(maximum)):,}")
    await owner.page.close()

    await rival.sign_in(TWO, to=f"/auctions/{lot.auction_id}")
    await rival.choose(yuan(start + 2 * step))
    await rival.confirm()
    await expect(rival.headline).to_contain_text("您被超越")
    await expect(rival.page.locator(".outcome")).to_contain_text("委托出价随即超过")
    assert [amount for _, _, amount in (await market.bids(lot))[:2]] == [
        yuan(start + 3 * step),
        yuan(start + 2 * step),
    ]
    assert maximum.encode() not in bytes(rival.proxy.answered)


async def test_a_large_jump_is_typed_once_more_before_it_is_sent(sit: Sit, market: Market, lot: Lot) -> None:
    told = await market.told(lot)
    far = yuan(fen(told["next_amount"]["amount"]) + 30 * fen(told["increment"]["amount"]))
    viewer = await sit()
    await viewer.sign_in(TWO, to=f"/auctions/{lot.auction_id}")
    await viewer.choose(far)
    dialog = viewer.page.get_by_role("dialog")
    button = dialog.get_by_role("button", name="确认出价")
    await expect(button).to_be_disabled()
    await dialog.get_by_role("textbox").fill(far.replace("0", "1", 1))
    await expect(button).to_be_disabled()
    await dialog.get_by_role("textbox").fill(far)
    await button.click()
    await expect(viewer.headline).to_contain_text("您领先")
    assert b'"confirm_jump":true' in bytes(viewer.proxy.asked)


async def test_a_record_is_verified_at_the_page_without_a_line_and_one_altered_byte_fails(
    sit: Sit, market: Market, lot: Lot, tmp_path: Path
) -> None:
    told = await market.told(lot)
    await market.world.advance_to(auction.instant(told["free_ends_at"]), by=auction.STAFF.operator)
    await market.world.until_status(
        "the timed phase begins", await market.world.public(), lot.path, "timed_bidding"
    )
    await auction.close(market.world, lot, "awarded")
    viewer = await sit()
    await viewer.open(f"/auctions/{lot.auction_id}/record")
    await expect(viewer.page.locator(".result.whole")).to_contain_text("核验通过")
    assert (await viewer.overflow(), await viewer.accessible()) == (0, [])
    record = json.dumps(await (await market.world.public()).get(f"{lot.path}/record"), ensure_ascii=False)
    whole, altered = tmp_path / "record.json", tmp_path / "altered.json"
    whole.write_text(record, encoding="utf-8")
    before, after = record.rsplit('"via": "web"', 1)  # the last one is an entry's, not the list's
    altered.write_text(f'{before}"via": "wec"{after}', encoding="utf-8")

    stranger = await sit(size=PHONE)
    stranger.forgives = "net::ERR_"
    await stranger.open("/verify")
    await stranger.page.wait_for_load_state("networkidle")
    stranger.proxy.cut()
    await stranger.page.locator("input[type=file]").set_input_files([whole, altered])
    await expect(stranger.page.locator(".result")).to_have_count(2)
    await expect(stranger.page.locator(".result").first).to_contain_text("核验通过")
    await expect(stranger.page.locator(".result").last).to_contain_text("核验不通过")
    await expect(stranger.page.locator(".result").last).to_contain_text("内容被改动")
    assert (await stranger.overflow(), await stranger.accessible()) == (0, [])
