"""Keeps the demonstration alive while `up` runs: there is always a live auction, and it moves.

It tops up the pipeline of day-long lots, signs for finance when a lot's turn has come, lets robots bid, holds the session
in the hall on its day, and, where nothing is live (a laptop slept for a week, a story leapt over the lots), moves the
sandbox's clock to the next start.
"""

import asyncio
import contextlib
import signal
import time
from datetime import datetime, timedelta

import httpx
import structlog

from app.demo import data, lots
from app.demo.conductor import Conductor
from app.demo.logins import PASSWORD
from app.demo.person import Json, StoryDiffers
from app.demo.robots import Bidding
from app.demo.steps import STAFF
from app.demo.world import World, instant
from app.kit.dates import market_date
from app.logs import configure_logs

log = structlog.get_logger()

LOOK_SECONDS = 2.0
TEND_SECONDS = 20.0
FAULT_SECONDS = 10.0
ADD_FAULT_SECONDS = 600.0
"""A lot that could not be announced leaves a draft behind: not too many of them."""
PIPELINE_LOTS = 16
"""So many lots come after the live one: more days than a notice takes, also when a story has leapt over some."""
NOTICE = timedelta(days=7)
SIGN_AHEAD = timedelta(hours=36)
"""Signed so early, the next lot starts also where we are not there."""
PATIENCE = timedelta(minutes=1)
"""A gap as short as this is waited for; a longer one is leapt over."""
AGAIN_MAX = 20
RESUMED = "系统已恢复，剩余时间照旧。"


def keep(address: str) -> None:
    """Keep the demonstration of a running server alive, until the process is asked to stop."""
    asyncio.run(_keep(address))


async def _keep(address: str) -> None:
    configure_logs("info")
    keeping = asyncio.create_task(_for_ever(address))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, keeping.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await keeping


async def _for_ever(address: str) -> None:
    """Whatever goes wrong, we start afresh: signed in anew, with nothing remembered."""
    while True:
        try:
            async with World(address, password=PASSWORD) as world:
                await Keeper(world).run()
        except (StoryDiffers, httpx.HTTPError, LookupError) as error:
            log.warning("demonstration_not_kept", error=str(error)[:500])
        await asyncio.sleep(FAULT_SECONDS)


class Keeper:
    """Looks at the live lot every other second, at the pipeline now and then."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._planned = _planned()
        self._bidding: dict[str, Bidding] = {}
        self._hall = Conductor(world)
        self._tended_at = self._add_after = float("-inf")

    async def run(self) -> None:
        """Keep, until we are ended, or something goes wrong. Nothing is kept in a live database."""
        while (await (await self._world.public()).get("/v1/time"))["kind"] == "sandbox":
            live = await self._ours("live")
            for line in live:
                await self.move(line)
            await self._hall.look()
            if not live or time.monotonic() - self._tended_at > TEND_SECONDS:
                self._tended_at = time.monotonic()
                await self.tend(live)
            await asyncio.sleep(LOOK_SECONDS)

    async def tend(self, live: list[Json]) -> None:
        """Sign what is due, fill the pipeline, close a gap. One lot at a time: the page comes first."""
        coming = sorted(await self._ours("coming"), key=lambda line: str(line["starts_at"]))
        now = await self._world.now()
        await self._sign(live, coming, now)
        if not live and not self._hall.running and await self._leap(coming, now):
            return
        if len(coming) < PIPELINE_LOTS and time.monotonic() > self._add_after:
            last = max((instant(line["starts_at"]) for line in (*live, *coming)), default=now - lots.DAY)
            try:
                await self._add(lots.opening_after(max(last + lots.DAY, now + NOTICE)), now)
            except StoryDiffers as differs:
                self._add_after = time.monotonic() + ADD_FAULT_SECONDS
                log.warning("lot_not_announced", error=str(differs)[:500])

    async def move(self, line: Json) -> None:
        """Let the robots look at a live lot; the operator resumes one that a long outage (a laptop that slept) suspended."""
        told = await (await self._world.public()).get(f"/v1/auctions/{line['id']}")
        if told["status"] == "suspended":
            operator = await self._world.person(STAFF.operator)
            await operator.post(f"/v1/auctions/{line['id']}/resumption", {"note": RESUMED})
            log.info("lot_resumed", number=line["number"])
            return
        if told["status"] not in ("free_bidding", "timed_bidding"):
            return
        bidding = self._bidding.setdefault(
            told["id"],
            Bidding(f"/v1/auctions/{told['id']}", lots.robots_of(self._planned[told["title"]])),
        )
        try:
            await bidding.look(self._world, told)
        except StoryDiffers as differs:
            # Somebody was quicker, or the window closed while we thought.
            log.info("robot_refused", error=str(differs)[:300])

    async def _ours(self, status: str) -> list[Json]:
        rows = await (await self._world.public()).every("/v1/auctions", status=status)
        return [row for row in rows if row["title"] in self._planned]

    async def _sign(self, live: list[Json], coming: list[Json], now: datetime) -> None:
        """A lot waits for finance's signature. Late ones are signed one at a time, so that each has its day."""
        closed = [line for line in coming if line["status"] == "registration_closed"]
        for line in closed:
            starts_at = instant(line["starts_at"])
            told = await (await self._world.public()).get(f"/v1/auctions/{line['id']}")
            if now < instant(told["deposit_due_at"]):
                continue
            late = starts_at <= now
            if (late and not live) or (not late and starts_at - now < SIGN_AHEAD):
                await lots.sign(self._world, f"/v1/auctions/{line['id']}")
                log.info("lot_signed", number=line["number"])
                return

    async def _leap(self, coming: list[Json], now: datetime) -> bool:
        """Nothing is live: leap to what lies in the way of the next lot. True where the clock was moved."""
        if not coming:
            return False
        next_at = await self._next(coming[0], now)
        if next_at is not None and self._hall.waits_for is not None:
            next_at = min(next_at, self._hall.waits_for)
        if next_at is None or next_at - now < PATIENCE:
            return False
        log.info(
            "leapt_to_next_lot", number=coming[0]["number"], seconds=int((next_at - now).total_seconds())
        )
        await self._world.advance_to(next_at, by=STAFF.operator)
        return True

    async def _next(self, line: Json, now: datetime) -> datetime | None:
        """When a coming lot next needs something: its deposits are due, or it starts. None: it happens by itself."""
        told = await (await self._world.public()).get(f"/v1/auctions/{line['id']}")
        due_at = instant(told["deposit_due_at"])
        if told["status"] != "ready":
            return due_at if now < due_at else None
        starts_at = instant(told["starts_at"])
        return starts_at if now < starts_at else None

    async def _add(self, starts_at: datetime, now: datetime) -> None:
        """Announce one more lot, of an achievement that has not been offered yet."""
        public = await self._world.public()
        offered = {row["title"] for row in await public.every("/v1/auctions")}
        published = {row["title"]: str(row["id"]) for row in await public.every("/v1/achievements")}
        for title, sale in self._planned.items():
            achievement = data.achievement(sale["achievement"])["title"]
            if title in offered or achievement not in published:
                continue
            while await lots.deposits_due(self._world, market_date(starts_at)) < now + lots.DAY:
                starts_at += lots.DAY  # a long holiday leaves no working day to pay on
            table = await lots.timetable_for(self._world, starts_at)
            lot = await lots.prepare(self._world, sale, published[achievement], table, leap=False)
            log.info("lot_announced", title=title, auction_id=lot.auction_id)
            return


def _planned() -> dict[str, Json]:
    """Every lot that may be ours, by its title: each achievement once, then again and again."""
    found = {sale["title"]: sale for sale in lots.planned()}
    for again in range(2, AGAIN_MAX):
        made = [lots.made_of(row, again=again) for row in data.achievements()]
        found |= {sale["title"]: sale for sale in made if sale is not None}
    return found
