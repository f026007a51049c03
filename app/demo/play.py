"""`--play`: one whole auction over HTTP against the running server, told step by step.

Market time only moves forward: the seven days of the notice are leapt over, for every other sale of the sandbox as well.
The keeper of the demonstration mends its live auctions afterwards.
"""

import asyncio
import time
from collections.abc import Callable

import httpx

from app.demo import data, steps
from app.demo.logins import PASSWORD
from app.demo.person import StoryDiffers
from app.demo.steps import STAFF, told_wan
from app.demo.stories.auction import Pace, play_auction
from app.demo.world import Tell, World
from app.kit.dates import beijing

PACE = Pace(free_seconds=900, window_seconds=60, between_last=15)
"""The shortest phases that the rules allow."""


def play(address: str, *, tell: Tell) -> bool:
    """Play the story. False where anything differs from what it expects, or it cannot be played; it says what."""
    try:
        asyncio.run(_play(address, Numbered(tell)))
    except StoryDiffers as differs:
        tell(f"与预期不符 · differs from what was expected: {differs}")
        return False
    except Unplayable as reason:
        tell(str(reason))
        return False
    except httpx.TransportError as error:
        tell(f"连接不上 {address}，请先运行 make run · nobody answers there: {type(error).__name__}")
        return False
    tell("全部符合预期 · everything was as expected")
    return True


class Unplayable(Exception):
    """The story cannot be played here."""


class Numbered:
    """Tells steps with their number and the seconds since the beginning."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._count, self._began = tell, 0, time.monotonic()

    def __call__(self, line: str) -> None:
        """The next step."""
        self._count += 1
        self._tell(f"{self._count:3}  {time.monotonic() - self._began:6.1f} s  {line}")


async def _play(address: str, tell: Callable[[str], None]) -> None:
    async with httpx.AsyncClient(base_url=address) as first:
        await first.get("/v1/time")  # where nobody answers, it is said at once
    async with World(address, password=PASSWORD, tell=tell) as world:
        await _require_sandbox(world)
        before = await world.now()
        script = data.play()
        sale, row = script["sale"], script["achievement"]
        tell(f"北京时间 {beijing(before):%Y-%m-%d %H:%M:%S}（沙箱）")
        achievement_id = await steps.publish_achievement(
            world, data.seller_of(row["holder"]), data.achievement_body(row)
        )
        contract = await play_auction(world, sale, achievement_id, PACE)
        after = await world.now()
        tell(
            f"{contract['number']} 已确认：{told_wan(contract['amount']['amount'])}，保证金转为价款，未成交者已退款，"
            f"总账平衡；市场时间前进了 {(after - before).days} 天"
        )


async def _require_sandbox(world: World) -> None:
    clock = await (await world.public()).get("/v1/time")
    if clock["kind"] != "sandbox":
        raise Unplayable(
            "这是正式库：演示只能在沙箱里走 · this is a live database: the story needs a sandbox"
        )
    try:
        await world.person(STAFF.operator)
    except StoryDiffers:
        raise Unplayable(
            "这里没有演示数据，请先运行 python -m app demo · load the demonstration first: python -m app demo"
        ) from None
