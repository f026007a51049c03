"""A sale in a hall: six lots in one morning, paddles and the web in one room, as an auction house holds it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from app.auctions.errors import HammerTooEarly, NoUnitFree
from app.demo import data, lots, steps
from app.demo.person import Json, Person, same
from app.demo.steps import STAFF, Registered, told_wan
from app.demo.stories.auction import OPENS_AFTER, Timetable
from app.demo.world import World, instant
from app.kit.dates import market_date, wire

CALL_SECONDS: Final = 15
BETWEEN_SECONDS: Final = 20
"""So long does the room think before the next bid."""


@dataclass
class Hall:
    """A session in the making."""

    plan: Json
    session_id: str
    auctioneer: str
    lots: list[Json]
    paddles: dict[str, int] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where the session is."""
        return f"/v1/sessions/{self.session_id}"

    def lot_path(self, number: int) -> str:
        """Where a lot is; the first is number 1."""
        return f"/v1/auctions/{self.lots[number - 1]['id']}"


def sale_of(lot: Json) -> Json:
    """What the seller of a lot offers."""
    made = lots.made_of(data.achievement(lot["achievement"]))
    assert made is not None
    return {**made, "start_wan": lot["start_wan"], "step_wan": lot["step_wan"]}


async def announce_hall(world: World, plan: Json, published: dict[str, str], table: Timetable) -> Hall:
    """Sellers draft their lots, the operator lists them and publishes one notice for all."""
    operator = await world.person(STAFF.operator)
    drafted = [await _draft(world, lot, published[lot["achievement"]]) for lot in plan["lots"]]
    auctioneer = data.person_with(plan["house"], "auctioneer")
    conductor = await world.person(auctioneer)
    assert conductor.session is not None
    made = await operator.post(
        "/v1/sessions",
        {
            "name": plan["name"],
            "profile": "hall",
            "venue": plan["venue"],
            "organiser": "licensed_auction_house",
            "auction_house": data.organisation(plan["house"])["name"],
            "auctioneer_id": conductor.session["user"]["id"],
            "auctioneer_licence_no": plan["licence_no"],
            "call_seconds": CALL_SECONDS,
            "deposit_unit": data.amount(plan["unit_wan"]),
        },
        expect=201,
    )
    hall = Hall(plan, str(made["id"]), auctioneer, drafted)
    listed = await operator.put(
        f"{hall.path}/lots", {"auction_ids": [lot["id"] for lot in drafted]}, hall.path
    )
    same("the brochure", [lot["lot_no"] for lot in listed["catalogue"]], list(range(1, len(drafted) + 1)))
    notice = {
        "registration_opens_at": wire(await world.now() + OPENS_AFTER),
        "registration_closes_at": wire(table.closes_at),
        "deposit_due_at": wire(table.deposit_due_at),
        "starts_at": wire(table.starts_at),
    }
    noticed = await operator.change(hall.path, "notice", notice)
    same("the session is announced", noticed["status"], "noticed")
    world.tell(f"{noticed['number']} 发布专场公告：{plan['name']}，{len(drafted)} 件标的")
    return hall


async def _draft(world: World, lot: Json, achievement_id: str) -> Json:
    sale = sale_of(lot)
    login = data.seller_of(sale["seller"])
    body = data.offering_body(
        sale, path="auction", achievement_id=achievement_id, on=market_date(await world.now())
    )
    offering = await steps.offer(world, login, body)
    terms = {
        "start_price": data.amount(sale["start_wan"]),
        "ladder": [{"from_price": "0.00", "increment": data.amount(sale["step_wan"])}],
        "deposit": "0.00",
        "free_seconds": 0,
        "window_seconds": 0,
        "session_profile": "hall",
        "close": "hammer",
    }
    seller = await world.person(login)
    return await seller.post("/v1/auctions", {"offering_id": offering["id"], "terms": terms}, expect=201)


async def admit_to_hall(world: World, hall: Hall) -> None:
    """Parties register for the whole session, pay their units once, and are let in."""
    operator, public = await world.person(STAFF.operator), await world.public()
    opens_at = instant((await public.get(hall.path))["registration_opens_at"])
    await world.advance_to(opens_at, by=STAFF.operator)
    unit = data.amount(hall.plan["unit_wan"])
    for one in hall.plan["bidders"]:
        login = data.buyer_of(one["party"])
        buyer = await world.person(login)
        entered = await buyer.post(
            f"{hall.path}/registrations", {"units": one["units"], "agent_name": buyer.name}, expect=201
        )
        hall.entries[one["party"]] = str(entered["id"])
        number, amount = entered["deposit_number"], entered["deposit"]["amount"]
        paying = Registered(login, buyer.party_name, str(entered["id"]), number, amount)
        await steps.pay(world, paying, posted_at=await world.now())
        await operator.change(
            f"/v1/session-registrations/{entered['id']}",
            "qualification",
            {"passed": True, "reason": "符合公告的竞买条件"},
            read=f"/v1/session-registrations/{entered['id']}",
        )
        world.tell(f"{buyer.party_name}报名专场，缴纳 {one['units']} 份保证金（每份 {told_wan(unit)}）")


async def make_hall_ready(world: World, hall: Hall, table: Timetable) -> None:
    """Finance signs for all lots at once; paddles are drawn and handed out at the door."""
    operator, checker = await world.person(STAFF.operator), await world.person(STAFF.checker)
    await world.advance_to(table.deposit_due_at, by=STAFF.operator)
    for number in range(1, len(hall.lots) + 1):
        await world.until_status("registration closes", checker, hall.lot_path(number), "registration_closed")
    await checker.post(f"{hall.path}/readiness")
    await world.advance_to(table.starts_at, by=STAFF.operator)
    sheet = await operator.get(f"{hall.path}/paddles")
    by_entry = {row["session_registration_id"]: int(row["paddle_no"]) for row in sheet["paddles"]}
    for party, entry_id in hall.entries.items():
        hall.paddles[party] = by_entry[entry_id]
        await operator.change(
            f"/v1/session-registrations/{entry_id}", "paddle", read=f"/v1/session-registrations/{entry_id}"
        )
    world.tell(f"入场发放号牌：{'、'.join(str(number) for number in sorted(hall.paddles.values()))} 号")


async def play_hall(world: World, hall: Hall) -> Json:
    """All lots in brochure order, by the plan's script. Returns the session as the public sees it at the end."""
    public = await world.public()
    for number, lot in enumerate(hall.plan["lots"], start=1):
        story = _Lot(world, hall, number, await world.person(hall.auctioneer))
        if "withdraw" not in lot["script"][0]:
            opened = await story.auctioneer.post(f"{story.path}/opening")
            same("a lot is on the block", opened["status"], "on_the_block")
            world.tell(f"标的 {number:02d} 开拍，起拍价 {told_wan(opened['start_price']['amount'])}")
        for step in lot["script"]:
            await story.play(step)
    return await world.until_status("the session ends with its last lot", public, hall.path, "ended")


@dataclass
class _Lot:
    """One lot on the block."""

    world: World
    hall: Hall
    number: int
    auctioneer: Person

    @property
    def path(self) -> str:
        return self.hall.lot_path(self.number)

    async def play(self, step: Json) -> None:
        """One step of the script, named by its first word."""
        acts: dict[str, Callable[[Json], Awaitable[None]]] = {
            "floor": self._floor,
            "web": self._web,
            "no_unit": self._no_unit,
            "mandate": self._mandate,
            "call": self._call,
            "correct": self._correct,
            "hammer": self._hammer,
            "pass_in": self._pass_in,
            "withdraw": self._withdraw,
        }
        await acts[next(iter(step))](step)
        await self.world.advance(BETWEEN_SECONDS, by=STAFF.operator)

    async def _floor(self, step: Json) -> None:
        paddle = self.hall.paddles[step["floor"]]
        placed = await self._raise(paddle, step["wan"])
        same("a paddle is its bidder's code", placed["bidder_code"], str(paddle))
        self.world.tell(f"{paddle} 号，{step['wan']} 万！")
        await self._stands(str(step.get("answered", step["wan"])))

    async def _raise(self, paddle: int, wan: str, expect: int = 201) -> Json:
        body = {"paddle_no": paddle, "amount": data.amount(wan)}
        return await self.auctioneer.post(f"{self.path}/floor-bids", body, expect=expect)

    async def _web(self, step: Json) -> None:
        bidder = await self.world.person(data.buyer_of(step["web"]))
        body = {"amount": data.amount(step["wan"]), "confirm_jump": True}
        placed = await bidder.post(f"{self.path}/bids", body, expect=201)
        same(
            "one code, in the room and on the web", placed["bidder_code"], str(self.hall.paddles[step["web"]])
        )
        self.world.tell(f"线上 {placed['bidder_code']} 号，{step['wan']} 万")
        await self._stands(step["wan"])

    async def _no_unit(self, step: Json) -> None:
        refused = await self._raise(self.hall.paddles[step["no_unit"]], step["wan"], NoUnitFree.status)
        same("a bidder without a free unit", refused["code"], NoUnitFree.code)

    async def _mandate(self, step: Json) -> None:
        clerk = await self.world.person(STAFF.approver)
        body = {
            "session_registration_id": self.hall.entries[step["mandate"]],
            "source": "absentee",
            "document_no": step["document_no"],
            "maximum": data.amount(step["wan"]),
        }
        told = await clerk.post(f"{self.path}/mandates", body, expect=201)
        same("nobody is told the maximum", data.amount(step["wan"]) in str(told), False)

    async def _call(self, step: Json) -> None:
        told = await self.auctioneer.post(f"{self.path}/calls", {"number": step["call"]})
        same("the calls", told["calls"], step["call"])

    async def _correct(self, step: Json) -> None:
        before = await (await self.world.public()).get(self.path)
        same("the mis-keyed price", before["current_price"]["amount"], data.amount(step["correct"]))
        told = await self.auctioneer.post(f"{self.path}/corrections", {"bid_no": before["bid_no"]})
        same("who led leads again", told["current_price"]["amount"], data.amount(step["back_to"]))
        self.world.tell("更正：误录的一口报价已撤销，公开留痕")

    async def _hammer(self, step: Json) -> None:
        await self.auctioneer.refused(f"{self.path}/hammer", {}, HammerTooEarly)
        for number in (1, 2, 3):
            await self.auctioneer.post(f"{self.path}/calls", {"number": number})
            await self.world.advance(CALL_SECONDS + 1, by=STAFF.operator)
        sold = await self.auctioneer.post(f"{self.path}/hammer")
        seen = (sold["status"], sold["current_price"]["amount"], sold["bidder_code"])
        same("sold", seen, ("awarded", data.amount(step["hammer"]), str(self.hall.paddles[step["to"]])))
        self.world.tell(f"{sold['bidder_code']} 号，{step['hammer']} 万第三次，成交！")

    async def _pass_in(self, step: Json) -> None:
        told = await self.auctioneer.post(f"{self.path}/passing-in")
        same("passed in", told["status"], "passed_in")
        self.world.tell(f"标的 {self.number:02d} 无人应价，流拍")

    async def _withdraw(self, step: Json) -> None:
        body = {
            "reason": "seller_withdrawal",
            "document_no": step["document_no"],
            "note": step["withdraw"],
        }
        told = await self.auctioneer.post(f"{self.path}/lot-withdrawal", body)
        same("withdrawn", told["status"], "cancelled")
        self.world.tell(f"标的 {self.number:02d} 撤拍：{step['withdraw']}")

    async def _stands(self, wan: str) -> None:
        shown: Any = await (await self.world.public()).get(self.path)
        same("the price on the screen", shown["current_price"]["amount"], data.amount(wan))
