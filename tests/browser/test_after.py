"""What follows a close: a right of first refusal answered, the record signed, the buyer's default, the re-auction."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from app.demo import data, steps
from app.demo.lots import made_of
from app.demo.person import Json
from app.demo.steps import STAFF
from app.demo.stories import auction
from app.demo.stories.auction import Lot
from app.demo.world import instant
from app.kit.dates import market_date, wire
from tests.browser.conftest import PHONE, Sit
from tests.browser.market import BUYERS, PACE, SELLER, Market
from tests.browser.viewers import Viewer

pytestmark = pytest.mark.browser

HOLDER, BIDDER = (data.buyer_of(key) for key in BUYERS)


async def drafted(market: Market, **terms: object) -> tuple[Lot, Json]:
    """A sale of usual terms but for these; and its achievement's row."""
    world = market.world
    row, achievement_id = market.unsold.pop(0)
    sale = made_of(row)
    assert sale is not None
    seller = await world.person(data.seller_of(SELLER))
    on = market_date(await world.now())
    body = data.offering_body(sale, path="auction", achievement_id=achievement_id, on=on)
    offering = await steps.offer(world, seller.login, body)
    usual = data.terms(sale, free_seconds=PACE.free_seconds, window_seconds=PACE.window_seconds, long=False)
    made = await seller.post(
        "/v1/auctions", {"offering_id": offering["id"], "terms": usual | terms}, expect=201
    )
    opens_at = await world.now() + timedelta(seconds=30)
    return Lot(sale, seller.login, str(offering["id"]), str(made["id"]), opens_at), made


async def started(market: Market, lot: Lot) -> None:
    """Announced, both buyers let in, in its free phase, with a bid."""
    world = market.world
    table = await auction.timetable(world)
    notice = {
        "registration_opens_at": wire(lot.opens_at),
        "registration_closes_at": wire(table.closes_at),
        "deposit_due_at": wire(table.deposit_due_at),
        "starts_at": wire(table.starts_at),
    }
    await (await world.person(STAFF.operator)).change(lot.path, "notice", notice)
    await auction.open_registration(world, lot)
    await auction.admit(world, lot, [HOLDER, BIDDER])
    await market.start(lot, table)
    await auction.bid(world, lot, BIDDER, data.amount(lot.sale["start_wan"]))


async def ended(market: Market, lot: Lot, wanted: str) -> None:
    """Its bidding ends by itself."""
    await market.world.advance_to(instant((await market.told(lot))["free_ends_at"]), by=STAFF.operator)
    await auction.close(market.world, lot, wanted)


async def sound(viewer: Viewer) -> None:
    """Nothing is cut off, and everybody can use it."""
    assert (await viewer.overflow(), await viewer.accessible()) == (0, [])


async def disposed(market: Market, lot: Lot) -> None:
    """Finance proposes how the deposit is used up, and a second person confirms it."""
    maker, checker = await market.world.person(STAFF.maker), await market.world.person(STAFF.checker)
    body = {
        "costs": "1000.00",
        "costs_document_no": "费用清单〔2026〕9号",
        "reauction_given_up_by": "放弃再次竞价声明〔2026〕1号",
        "note": "悔拍保证金处置",
    }
    made = await maker.post(f"{lot.path}/default/disposition", body, expect=201)
    path = f"/v1/deposit-dispositions/{made['id']}"
    await checker.change(path, "confirmation", read=path)


async def test_a_holder_takes_the_lot_at_the_price_found_and_both_sides_sign(
    sit: Sit, market: Market
) -> None:
    lot, _ = await drafted(market, priority="after_close", priority_seconds=600)
    world = market.world
    holder = await world.person(HOLDER)
    on = market_date(await world.now()) - timedelta(days=4)
    named = {
        "party_id": holder.party_id,
        "rank": 1,
        "basis": "completer",
        "reach": "notified",
        "told_on": str(on),
        "document_no": "优先权告知〔2026〕6号",
    }
    seller = await world.person(lot.seller)
    await seller.call("PUT", f"/v1/offerings/{lot.offering_id}/priority-holders", body={"holders": [named]})
    await started(market, lot)
    mine, other = await sit(), await sit(size=PHONE)
    await mine.sign_in(HOLDER, to=f"/auctions/{lot.auction_id}")
    await other.open(f"/auctions/{lot.auction_id}")
    await ended(market, lot, "priority_pending")

    await expect(other.headline).to_contain_text("待行权")
    await sound(other)
    await expect(mine.headline).to_contain_text("可按同价行权")
    take = mine.page.get_by_role("button", name="行使优先权")
    await take.focus()
    await mine.page.keyboard.press("Enter")
    await expect(mine.page.get_by_role("group", name="确认按以下价格")).to_be_focused()
    await sound(mine)
    await mine.page.keyboard.press("Escape")
    await expect(take).to_be_focused()
    await mine.page.keyboard.press("Enter")
    await mine.page.get_by_role("button", name="确认行权").click()
    await expect(mine.headline).to_contain_text("竞得")
    await expect(mine.board).to_contain_text("行使优先受让权竞得")

    await mine.page.get_by_role("link", name="成交确认与后续事项").click()
    await expect(mine.page.get_by_role("heading", name="成交确认书")).to_be_visible()
    await expect(mine.page.locator("main")).to_contain_text("行使优先受让权")
    await sound(mine)
    await mine.page.get_by_role("checkbox").check()
    await mine.page.get_by_role("button", name="签署确认书").click()
    await expect(mine.page.locator(".sides .signed")).to_have_count(1)
    address = await mine.page.get_by_role("link", name="下载成交确认书").get_attribute("href")
    printed = await mine.page.request.get(f"{mine.proxy.url}{address}")
    assert (printed.status, printed.headers["content-type"]) == (200, "application/pdf")

    office = await sit()
    office.forgives = "404"  # there is no finding of default
    await office.sign_in(STAFF.operator, to=f"/auctions/{lot.auction_id}/after")
    await office.page.get_by_role("checkbox").check()
    await office.page.get_by_role("button", name="签署确认书").click()
    await expect(office.page.get_by_text("双方已签署")).to_be_visible()
    await sound(office)


async def test_a_default_takes_two_persons_and_the_seller_drafts_the_sale_anew(
    sit: Sit, market: Market
) -> None:
    lot, _ = await drafted(market)
    await started(market, lot)
    await ended(market, lot, "awarded")
    one, two, seller = await sit(), await sit(), await sit(size=PHONE)
    one.forgives = "404"  # there is no finding of default yet
    path = f"/auctions/{lot.auction_id}/after"
    await one.sign_in(STAFF.operator, to=path)
    await one.page.get_by_label("书面声明不受让").check()
    await one.page.get_by_label("依据文号").fill("不受让声明〔2026〕1号")
    await one.page.get_by_label("事实与理由").fill("受让方来函声明放弃受让")
    await sound(one)
    await one.page.get_by_role("button", name="提出认定").click()
    await expect(one.page.get_by_text("须由另一人复核")).to_be_visible()

    await two.sign_in(STAFF.approver, to=path)
    await two.page.get_by_role("button", name="复核认定").click()
    await expect(two.page.get_by_text("已认定")).to_be_visible()
    await expect(two.page.get_by_text("已作废")).to_be_visible()
    await sound(two)
    await disposed(market, lot)

    await seller.sign_in(lot.seller, to=path)
    await expect(seller.page.get_by_role("heading", name="再次竞价")).to_be_visible()
    await expect(seller.page.locator(".disposition")).to_contain_text("已处置")
    await expect(seller.page.locator(".disposition tr")).to_have_text(
        [re.compile(words) for words in ("竞价费用.*1,?000", "弥补再次竞价差额", "归出让方", "合计")]
    )
    await sound(seller)
    await seller.page.get_by_role("button", name="拟定再次竞价").click()
    await expect(seller.page.get_by_role("status")).to_contain_text("待交易机构发布公告")
