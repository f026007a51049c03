"""The exchange's people at their desks: what waits is opened, decided, and gone."""

import pytest
from playwright.async_api import Locator, expect

from app.demo import data
from app.demo.steps import STAFF
from app.kit.dates import SHANGHAI
from tests.browser.conftest import PHONE, Sit
from tests.browser.market import BUYERS, SELLER, Market
from tests.browser.viewers import Viewer

pytestmark = pytest.mark.browser

BUYER = data.buyer_of(BUYERS[0])


def part(viewer: Viewer, name: str) -> Locator:
    """One list of the desk."""
    return viewer.page.get_by_role("region", name=name)


async def opened(viewer: Viewer, name: str, title: str) -> Locator:
    """A task, opened."""
    row = part(viewer, name).locator("li").filter(has_text=title)
    await row.get_by_role("button").first.click()
    await expect(row.locator("dl")).to_be_visible()
    return row


async def test_an_achievement_is_registered_and_published_from_the_desk(sit: Sit, market: Market) -> None:
    known = [row["external_id"] for row, _ in market.achievements]
    row = next(
        one for one in data.achievements() if one["holder"] == SELLER and one["external_id"] not in known
    )
    seller = await market.world.person(data.seller_of(SELLER))
    posted = await seller.post("/v1/achievements", data.achievement_body(row), expect=201)
    path = f"/v1/achievements/{posted['id']}"
    await seller.change(path, "submission")
    viewer = await sit()
    await viewer.sign_in(STAFF.operator, to="/desk")
    task = await opened(viewer, "成果登记审核", str(row["title"]))
    await expect(task).to_contain_text(str(row["summary"]["problem"]))
    await expect(task.get_by_role("button", name="退回")).to_be_disabled()
    assert await viewer.accessible() == []
    await task.get_by_role("button", name="予以登记").click()
    await expect(part(viewer, "成果登记审核").locator("li")).to_have_count(0)
    task = await opened(viewer, "待公布成果", str(row["title"]))
    await task.get_by_role("button", name="公布").last.click()
    await expect(part(viewer, "待公布成果").locator("li")).to_have_count(0)
    assert (await (await market.world.public()).get(path))["status"] == "published"


async def test_a_bidder_is_qualified_and_his_deposit_booked_by_two_people(sit: Sit, market: Market) -> None:
    lot, _ = await market.noticed()
    buyer = await market.world.person(BUYER)
    await buyer.post(f"/v1/offerings/{lot.offering_id}/registrations", {"agent_name": "李某"}, expect=201)
    mine = await market.registration_of(lot, BUYER)

    operator = await sit(size=PHONE)
    await operator.sign_in(STAFF.operator, to="/desk")
    task = await opened(operator, "竞买资格审查", mine.party_name)
    await expect(task).to_contain_text(str(mine.deposit_number))
    assert (await operator.overflow(), await operator.accessible()) == (0, [])
    await task.get_by_label("理由").fill("符合公告的受让条件")
    await task.get_by_role("button", name="资格通过", exact=True).click()
    await expect(part(operator, "竞买资格审查").locator("li")).to_have_count(0)

    maker = await sit()
    await maker.sign_in(STAFF.maker, to="/desk")
    entry = part(maker, "到账录入")
    await entry.get_by_label("银行流水号").fill("20261121-000042")
    await entry.get_by_label("付款人名称").fill(mine.party_name)
    await entry.get_by_label("汇款附言").fill(f"保证金 {mine.deposit_number}")
    posted = (await market.world.now()).astimezone(SHANGHAI)
    await entry.get_by_label("入账时间").fill(f"{posted:%Y-%m-%dT%H:%M:%S}")
    await entry.get_by_label("到账金额").fill(mine.deposit)
    assert await maker.accessible() == []
    await entry.get_by_role("button", name="录入").click()
    await expect(entry.get_by_role("status")).to_contain_text("等待另一位同事复核")
    own = await opened(maker, "到账复核", mine.party_name)
    await expect(own).to_contain_text("须由另一位同事复核")
    await expect(own.get_by_role("button", name="复核确认")).to_have_count(0)

    checker = await sit()
    await checker.sign_in(STAFF.checker, to="/desk")
    task = await opened(checker, "到账复核", mine.party_name)
    await task.get_by_role("button", name="复核确认").click()
    await expect(part(checker, "到账复核").locator("li")).to_have_count(0)

    path = f"/v1/registrations/{mine.registration_id}"
    await market.world.until_status("the bidder is qualified", buyer, path, "qualified")


async def test_whoever_has_nothing_to_decide_finds_no_desk(sit: Sit, market: Market) -> None:
    viewer = await sit()
    await viewer.sign_in(BUYER)
    await expect(viewer.page.get_by_role("navigation")).to_contain_text("合同")
    await expect(viewer.page.get_by_role("navigation")).not_to_contain_text("工作台")
    await viewer.open("/desk")
    await expect(viewer.page.get_by_text("这里没有您的待办")).to_be_visible()
    await expect(viewer.page.get_by_role("region")).to_have_count(0)
