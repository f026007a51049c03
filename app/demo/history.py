"""What has happened in the demonstration's market before anybody looks: played, in order, up to the present."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from app.demo import cast, data, lots, steps
from app.demo.person import Json
from app.demo.steps import STAFF
from app.demo.stories.auction import Lot, Pace, bid, play_auction, play_passed_in, timetable
from app.demo.stories.demand import play_demand, publish_demand
from app.demo.stories.hall import admit_to_hall, announce_hall
from app.demo.stories.listed import play_listed
from app.demo.stories.negotiated import play_negotiated
from app.demo.world import World
from app.kit.dates import market_date
from app.kit.money import fen_of_wan, yuan

RUNNING = timedelta(minutes=90)
"""The first lot has been running for so long."""
HALL_AFTER = timedelta(days=8)
"""The session in the hall is so long after the first lot's start, or on the next working day."""
READY_LOTS = 9
"""So many lots in a row start without anybody's signature; those after them are open for registration."""
DRAFT, SUBMITTED, RETURNED, REGISTERED = (
    "DEMO-CG-058",
    ("DEMO-CG-057", "DEMO-CG-042"),
    "DEMO-CG-020",
    "DEMO-CG-013",
)
SALES_OF_ACHIEVEMENTS = ("negotiated", "listed", "auction", "passed_in")
UNPUBLISHED_DEMANDS = ("DEMO-XQ-006", "DEMO-XQ-016")
SOLVED = {
    "negotiated": "已与杭州苕上机器视觉协议定价成交，引进坯布疵点在线检测许可。",
    "listed": "已通过挂牌取得白叶茶有机栽培技术许可（湖州片）。",
}


class History:
    """The exchange stands already; everybody else comes in, posts, trades."""

    def __init__(self, world: World, ends_at: datetime, done: Callable[[str], None]) -> None:
        self._world, self._ends_at, self._done = world, ends_at, done
        self._sales = data.sales()
        self._published: dict[str, str] = {}
        self._demands: dict[str, Json] = {}

    async def play(self) -> None:
        """All of it."""
        parties = [one for one in data.organisations() if one["kind"] != "exchange"]
        await cast.enter(self._world, parties, manager=STAFF.manager, operator=STAFF.operator)
        self._done(f"{len(parties) + 1} 家单位入驻并审核 · parties registered and reviewed")
        await self._closed_sales()
        await self._present()
        await self._lots()

    async def _closed_sales(self) -> None:
        sales, pace = self._sales, Pace(free_seconds=1_800, window_seconds=120, between=170, between_last=25)
        rest = self._others()
        await self._achievements([sales[name]["achievement"] for name in SALES_OF_ACHIEVEMENTS])
        await self._achievements(next(rest))
        await self._demand(sales["negotiated"]["demand"])
        await play_demand(self._world, sales["demand_contract"])
        self._done("需求揭晓并签约 · a demand solved")
        await self._until(90)
        await play_negotiated(self._world, sales["negotiated"], self._of("negotiated"))
        await self._solved("negotiated")
        self._done("协议定价成交 · a negotiated sale closed")
        await self._achievements(next(rest))
        await self._until(86)
        await self._demand(sales["listed"]["demand"])
        await play_listed(self._world, sales["listed"], self._of("listed"))
        await self._solved("listed")
        self._done("挂牌成交 · a listed sale closed")
        await self._achievements(next(rest))
        await self._until(46)
        await play_auction(self._world, sales["auction"], self._of("auction"), pace)
        self._done("竞价成交 · an auction closed")
        await self._until(32)
        await self._achievements(next(rest))
        await play_passed_in(self._world, sales["passed_in"], self._of("passed_in"), pace)
        self._done("流拍一宗 · an auction passed in")

    async def _present(self) -> None:
        """What is on the market now: the rest of the achievements, and demands that still take answers."""
        done = {*self._demands, self._sales["demand_contract"]["demand"], *UNPUBLISHED_DEMANDS}
        waiting = [row for row in data.demands() if row["external_id"] not in done]
        for number, row in enumerate(waiting):
            if number % 6 == 0:
                await self._until(20 - number // 6)
            await self._demand(row["external_id"])
        for external_id in UNPUBLISHED_DEMANDS:
            row = data.demand(external_id)
            owner = await self._world.person(data.buyer_of(row["poster"]))
            posted = await owner.post(
                "/v1/demands", data.demand_body(row, market_date(await self._world.now())), expect=201
            )
            if external_id == UNPUBLISHED_DEMANDS[0]:
                await owner.change(f"/v1/demands/{posted['id']}", "submission")
        self._done(f"{len(data.demands())} 条需求 · demands")
        await self._in_review()
        self._done(f"{len(data.achievements())} 项成果 · achievements")

    async def _lots(self) -> None:
        """The lots of the files, one a day: the first runs since this morning, nine start by themselves."""
        world, planned = self._world, self._sales["live_lots"]
        first = lots.opening_before(self._ends_at - RUNNING)
        due_at = await lots.deposits_due(world, market_date(first))
        noticed_at = min(first - timedelta(days=9), due_at - timedelta(days=4))
        await world.advance_to(noticed_at, by=STAFF.operator)
        prepared: list[Lot] = []
        for number, sale in enumerate(planned):
            ready = number < READY_LOTS
            table = await lots.timetable_for(
                world, first + number * lots.DAY, closes_at=due_at if ready else None
            )
            prepared.append(
                await lots.prepare(world, sale, self._published[sale["achievement"]], table, leap=True)
            )
        self._done(f"{len(prepared)} 宗在线竞价公告、报名、缴款 · live lots announced, deposits in")
        await self._hall(market_date(first) + HALL_AFTER)
        await world.advance_to(due_at, by=STAFF.operator)
        checker = await world.person(STAFF.checker)
        for lot in prepared[:READY_LOTS]:
            await world.until_status("registration closes", checker, lot.path, "registration_closed")
            await lots.sign(world, lot.path)
        await world.advance_to(first, by=STAFF.operator)
        await world.until_status(
            "the first lot is open", await world.public(), prepared[0].path, "free_bidding"
        )
        await self._first_bids(prepared[0])
        self._done("首宗竞价进行中 · the first lot is live")

    async def _hall(self, earliest: date) -> None:
        """A session in the hall that is still ahead: its notice is out, bidders have entered and paid."""
        table = await timetable(self._world, earliest=earliest)
        plan = data.hall()
        plan = {**plan, "bidders": [*plan["bidders"], {"party": lots.GUEST_PARTY, "units": 1}]}
        hall = await announce_hall(self._world, plan, self._published, table)
        await admit_to_hall(self._world, hall)
        self._done("现场专场公告、报名 · a session in the hall announced")

    async def _first_bids(self, lot: Lot) -> None:
        """A handful of bids, spread over the hours that the lot has been running."""
        robots = lots.robots_of(lot.sale)
        price, step = fen_of_wan(lot.sale["start_wan"]), fen_of_wan(lot.sale["step_wan"])
        pauses = (540, 1_310, 2_220, 860)
        for number, seconds in enumerate(pauses):
            await self._world.advance(seconds, by=STAFF.operator)
            await bid(self._world, lot, robots[number % len(robots)].login, yuan(price))
            price += step

    async def _until(self, days_before_end: int) -> None:
        await self._world.advance_to(self._ends_at - timedelta(days=days_before_end), by=STAFF.operator)

    def _of(self, sale: str) -> str:
        return self._published[self._sales[sale]["achievement"]]

    def _others(self) -> Iterator[list[str]]:
        """The achievements that no closed sale is about, in four parts; what is not published is left out."""
        kept = {DRAFT, *SUBMITTED, RETURNED, REGISTERED}
        kept |= {self._sales[name]["achievement"] for name in SALES_OF_ACHIEVEMENTS}
        rest = [row["external_id"] for row in data.achievements() if row["external_id"] not in kept]
        # Fields are mixed, so that every part of the list shows many of them.
        return iter([rest[start::4] for start in range(4)])

    async def _achievements(self, external_ids: Iterable[str]) -> None:
        for external_id in external_ids:
            row = data.achievement(external_id)
            self._published[external_id] = await steps.publish_achievement(
                self._world, data.seller_of(row["holder"]), data.achievement_body(row)
            )

    async def _in_review(self) -> None:
        """A draft, two that wait for the operator, one that was returned, one registered and not yet public."""
        operator = await self._world.person(STAFF.operator)
        for external_id in (DRAFT, *SUBMITTED, RETURNED, REGISTERED):
            row = data.achievement(external_id)
            seller = await self._world.person(data.seller_of(row["holder"]))
            posted = await seller.post("/v1/achievements", data.achievement_body(row), expect=201)
            path = f"/v1/achievements/{posted['id']}"
            if external_id != DRAFT:
                await seller.change(path, "submission")
            if external_id == RETURNED:
                reason = "请补充中试报告编号，并说明第三项指标的检测标准。"
                await operator.change(path, "return", {"reason": reason})
            if external_id == REGISTERED:
                await operator.change(path, "registration")

    async def _demand(self, external_id: str) -> None:
        row = data.demand(external_id)
        clerk = data.person_with("oykj", "clerk") if row["entered_by_bureau"] else None
        self._demands[external_id] = await publish_demand(self._world, row, by_clerk=clerk)

    async def _solved(self, sale: str) -> None:
        """The demand behind a sale is closed by its poster."""
        row = data.demand(self._sales[sale]["demand"])
        owner = await self._world.person(data.buyer_of(row["poster"]))
        path = f"/v1/demands/{self._demands[row['external_id']]['id']}"
        if (await owner.get(path))["status"] != "closed":
            await owner.change(path, "closure", {"outcome": "solved_elsewhere", "reason": SOLVED[sale]})
