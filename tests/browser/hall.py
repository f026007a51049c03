"""A session in a hall, made over HTTP: lots in a brochure, paddles handed out, an auctioneer at his console."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.demo import data
from app.demo.lots import made_of
from app.demo.person import Json
from app.demo.steps import STAFF, offer
from app.demo.stories.auction import OPENS_AFTER, Timetable, timetable
from app.kit.dates import market_date, wire
from tests.browser.market import BUYERS, Market

AUCTIONEER = "auctioneer.cspm@example.cn"
CALL_SECONDS = 10


@dataclass
class Hall:
    """A session that is about to begin."""

    market: Market
    session_id: str
    lots: list[str]
    sales: list[Json]
    paddles: dict[str, int]
    """Login → paddle."""

    @property
    def path(self) -> str:
        """Where the pages have it."""
        return f"/sessions/{self.session_id}"

    async def warned(self) -> None:
        """The warning of a call passes."""
        await self.market.world.advance(CALL_SECONDS, by=STAFF.operator)

    async def lot(self, number: int) -> Json:
        """A lot as the public sees it."""
        return await (await self.market.world.public()).get(f"/v1/auctions/{self.lots[number - 1]}")


async def open_hall(market: Market, *, lots: int = 2, absent: Sequence[str] = ()) -> Hall:
    """Its lots offered, its notice published, bidders let in, paddles in their hands, at the hour of its start.

    absent: the logins whose paddles are drawn and still lie at the door.
    """
    world = market.world
    operator = await world.person(STAFF.operator)
    table = await timetable(world)
    sales, auctions = [], []
    for _ in range(lots):
        row, achievement_id = market.unsold.pop(0)
        sale = made_of(row)
        assert sale is not None
        sales.append(sale)
        auctions.append(await _drafted(market, sale, achievement_id))
    auctioneer = await world.person(AUCTIONEER)
    assert auctioneer.session is not None
    body = {
        "name": "2026 浙江拍·秋季科技成果竞价会",
        "profile": "hall",
        "venue": "杭州市西湖区文三路主会场",
        "auctioneer_id": auctioneer.session["user"]["id"],
        "deposit_unit": "0.00",
        "call_seconds": CALL_SECONDS,
    }
    made = await operator.post("/v1/sessions", body, expect=201)
    path = f"/v1/sessions/{made['id']}"
    await operator.change(path, "lots", {"auction_ids": auctions}, method="PUT")
    await _noticed(market, path, table)
    hall = Hall(market, str(made["id"]), auctions, sales, {})
    await _let_in(hall, path, table, absent)
    return hall


async def _drafted(market: Market, sale: Json, achievement_id: str) -> str:
    world = market.world
    login = data.seller_of(sale["seller"])
    on = market_date(await world.now())
    offered = await offer(
        world, login, data.offering_body(sale, path="auction", achievement_id=achievement_id, on=on)
    )
    terms = data.terms(sale, free_seconds=0, window_seconds=0, long=False)
    terms |= {"deposit": "0.00", "session_profile": "hall", "close": "hammer"}
    seller = await world.person(login)
    drafted = await seller.post("/v1/auctions", {"offering_id": offered["id"], "terms": terms}, expect=201)
    return str(drafted["id"])


async def _noticed(market: Market, path: str, table: Timetable) -> None:
    world = market.world
    operator = await world.person(STAFF.operator)
    opens_at = await world.now() + OPENS_AFTER
    notice = {
        "registration_opens_at": wire(opens_at),
        "registration_closes_at": wire(table.closes_at),
        "deposit_due_at": wire(table.deposit_due_at),
        "starts_at": wire(table.starts_at),
    }
    await operator.change(path, "notice", notice)
    await world.advance_to(opens_at, by=STAFF.operator)


async def _let_in(hall: Hall, path: str, table: Timetable, absent: Sequence[str]) -> None:
    """Buyers register and are qualified, finance signs, the door hands out paddles, and the hour comes."""
    world = hall.market.world
    operator, checker = await world.person(STAFF.operator), await world.person(STAFF.checker)
    public = await world.public()
    entries = {}
    for login in [data.buyer_of(key) for key in BUYERS]:
        buyer = await world.person(login)
        for lot in hall.lots:
            await world.until_status("registration opens", public, f"/v1/auctions/{lot}", "registration_open")
        made = await buyer.post(f"{path}/registrations", {"units": 0, "agent_name": "李某"}, expect=201)
        entries[login] = made["id"]
    listed = {one["id"]: one for one in await operator.every(f"{path}/registrations")}
    for entry in entries.values():
        operator.etags[f"/v1/session-registrations/{entry}"] = f'"v{listed[entry]["version"]}"'
        await operator.change(
            f"/v1/session-registrations/{entry}", "qualification", {"passed": True, "reason": "材料齐全"}
        )
    await world.advance_to(table.deposit_due_at, by=STAFF.operator)
    for lot in hall.lots:
        await world.until_status("registration ends", public, f"/v1/auctions/{lot}", "registration_closed")
    await checker.post(f"{path}/readiness")
    listed = {one["id"]: one for one in await operator.every(f"{path}/registrations")}
    for login, entry in entries.items():
        operator.etags[f"/v1/session-registrations/{entry}"] = f'"v{listed[entry]["version"]}"'
        if login not in absent:
            await operator.change(f"/v1/session-registrations/{entry}", "paddle")
        mine = await (await world.person(login)).get(f"{path}/me")
        hall.paddles[login] = mine["paddle_no"]
    await world.advance_to(table.starts_at, by=STAFF.operator)
