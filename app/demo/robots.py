"""Robot bidders: they keep a live auction moving and answer a person's bid, each within its limit."""

import random
import time
from dataclasses import dataclass, field

from app.demo.lots import Robot
from app.demo.person import Json, StoryDiffers
from app.demo.world import World, instant
from app.kit.money import fen, yuan

ANSWER_SECONDS = (5.0, 20.0)
"""How long a robot thinks about a person's bid."""
FIRST_SECONDS = (20.0, 60.0)
PAUSE_SECONDS = (150.0, 2_700.0)
"""The least and the longest pause between bids that nobody asked for."""
KEPT_SHARE = 0.5
"""So much of the way to the limit is kept for answering people, until the last minutes."""
LAST_SECONDS = 600.0


@dataclass
class Bidding:
    """What the robots know of one lot."""

    path: str
    robots: list[Robot]
    codes: dict[str, str] = field(default_factory=dict)
    own_bids: set[int] = field(default_factory=set)
    taken_over: set[str] = field(default_factory=set)
    seen_bid: int | None = None
    next_at: float = 0.0

    async def look(self, world: World, told: Json) -> None:
        """Look at the lot as it stands; bid where it is time to. `told` is the auction as the public sees it."""
        if not self.codes:
            await self._learn_codes(world)
        person = self._notice(told)
        now = time.monotonic()
        if person:
            self.next_at = now + random.uniform(*ANSWER_SECONDS)  # noqa: S311  # a pause, not a secret
        elif self.next_at == 0.0:
            self.next_at = now + random.uniform(*FIRST_SECONDS)  # noqa: S311  # as above
        if now < self.next_at:
            return
        answering = told["current_bidder_code"] is not None and not self._ours(told)
        left = (instant(told["ends_at"]) - await world.now()).total_seconds()
        robot = self._willing(told, reserve=KEPT_SHARE if left > LAST_SECONDS and not answering else 0.0)
        if robot is not None:
            await self._bid(world, robot, told)
        self.next_at = now + self._pause(told, left)

    async def _learn_codes(self, world: World) -> None:
        for robot in self.robots:
            standing = await (await world.person(robot.login)).get(f"{self.path}/me")
            if standing["bidder_code"] is not None and standing["deposit_status"] == "held":
                self.codes[robot.login] = standing["bidder_code"]

    def _notice(self, told: Json) -> bool:
        """Whether somebody who is no robot has bid since the last look."""
        number, before = told["bid_no"], self.seen_bid
        self.seen_bid = number
        code = told["current_bidder_code"]
        if before is None:  # we have just come: whoever leads and is none of ours waits for an answer
            return code is not None and code not in self.codes.values()
        if number == before or number in self.own_bids:
            return False
        # A person who signs in as a robot's party bids in its place from now on.
        self.taken_over |= {login for login, own in self.codes.items() if own == code}
        return True

    def _ours(self, told: Json) -> bool:
        code = told["current_bidder_code"]
        return any(own == code for login, own in self.codes.items() if login not in self.taken_over)

    def _willing(self, told: Json, *, reserve: float) -> Robot | None:
        wanted, start = fen(told["next_amount"]["amount"]), fen(told["start_price"]["amount"])
        willing = [
            robot
            for robot in self.robots
            if robot.login in self.codes
            and robot.login not in self.taken_over
            and self.codes[robot.login] != told["current_bidder_code"]
            and wanted <= robot.limit_minor - int((robot.limit_minor - start) * reserve)
        ]
        return random.choice(willing) if willing else None  # noqa: S311  # any of them

    async def _bid(self, world: World, robot: Robot, told: Json) -> None:
        """One step up; somebody who was quicker is no fault."""
        amount = yuan(fen(told["next_amount"]["amount"]))
        self.own_bids.add(told["bid_no"] + 1)
        bidder = await world.person(robot.login)
        try:
            placed = await bidder.post(f"{self.path}/bids", {"amount": amount}, expect=201)
        except StoryDiffers:
            self.own_bids.discard(told["bid_no"] + 1)
            raise
        self.seen_bid = placed["bid_no"]
        self.own_bids = {placed["bid_no"]}

    def _pause(self, told: Json, left: float) -> float:
        """The rest of the steps spread over the rest of the time, never so long that nothing seems to happen."""
        step = fen(told["increment"]["amount"])
        highest = max((robot.limit_minor for robot in self.robots), default=0)
        steps = max(1, (highest - fen(told["next_amount"]["amount"])) // step)
        least, longest = PAUSE_SECONDS
        even = left / steps
        if left <= LAST_SECONDS:
            least = longest = 30.0
        return min(max(even, least), longest) * random.uniform(0.7, 1.3)  # noqa: S311  # a pause
