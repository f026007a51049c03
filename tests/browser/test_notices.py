"""A notice at its address: anybody reads it, a buyer objects on the page, the unit takes the objection up and decides it."""

import pytest
from playwright.async_api import expect

from app.demo import data
from tests.browser.conftest import PHONE, Sit
from tests.browser.market import BUYERS, SELLER, Market

pytestmark = pytest.mark.browser


async def test_an_objection_is_filed_accepted_and_dismissed_on_the_notices_page(
    market: Market, sit: Sit
) -> None:
    lot, _ = await market.noticed()
    reader = await market.world.person(data.buyer_of(BUYERS[0]))
    found = (await reader.get(f"/v1/notices?about_id={lot.auction_id}"))["data"]
    path = f"/notices/{found[0]['id']}"

    visitor = await sit(size=PHONE)
    await visitor.open("/notices")
    await visitor.page.get_by_role("link", name=found[0]["title"]).first.click()
    await expect(visitor.page.locator("header .tag")).to_contain_text("公示中")
    await expect(visitor.page.get_by_text("起始价")).to_be_visible()
    assert await visitor.overflow() <= 0

    buyer = await sit()
    await buyer.sign_in(data.buyer_of(BUYERS[0]), to=path)
    await buyer.page.get_by_role("button", name="提出异议").click()
    await buyer.page.get_by_label("您与该事项的关系").fill("共有人")
    await buyer.page.get_by_label("异议内容").fill("该专利为本公司共有，未经同意。")
    await buyer.page.get_by_label("证据及来源").fill("专利登记簿副本")
    await buyer.page.get_by_role("button", name="提交异议").click()
    await expect(buyer.page.get_by_role("status")).to_contain_text("已提交")

    seller = await market.world.person(data.seller_of(SELLER))
    unit = await sit()
    await unit.sign_in(seller.login, to=path)
    await unit.page.get_by_role("button", name="受理", exact=True).click()
    await expect(unit.page.locator("header .tag")).to_contain_text("已中止")
    await unit.page.get_by_label("认定意见").fill("登记簿显示无共有人")
    await unit.page.get_by_label("决定文号").fill("科技处〔2026〕12号")
    await unit.page.get_by_role("button", name="认定不成立").click()
    await expect(unit.page.locator("header .tag")).to_contain_text("公示中")
