"""The market as a story meets it: its people, its clock, and what it does by itself between two intents."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any

import httpx

from app.demo.person import Json, Person, StoryDiffers

WAIT_SECONDS = 30.0
LOOK_SECONDS = 0.1
TIMEOUT = httpx.Timeout(30.0)
READS_MAX = 400
"""Days that one reading of the calendar covers."""

Tell = Callable[[str], None]
Drain = Callable[[], Awaitable[None]]


def silent(_: str) -> None:
    """Tell nobody."""


class World:
    """People by login, and time. Use it as a context: it closes their connections.

    transport: an application in this process, or None for real HTTP. drain: does what is due where no worker runs; a
    world without it waits for the worker of the server.
    """

    def __init__(
        self,
        address: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        drain: Drain | None = None,
        password: str,
        tell: Tell = silent,
    ) -> None:
        self.address, self.password, self.tell = address, password, tell
        self._transport, self._drain = transport, drain
        self._people: dict[str, Person] = {}
        self._etags: dict[str, str] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "World":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def visitor(self, login: str = "visitor") -> Person:
        """Somebody who is not signed in."""
        client = httpx.AsyncClient(base_url=self.address, transport=self._transport, timeout=TIMEOUT)
        if self._transport is None:
            # A transport that is given is shared, and closed by whoever made it.
            await self._stack.enter_async_context(client)
        return Person(client, login, self._etags)

    async def person(self, login: str) -> Person:
        """Somebody, signed in."""
        if login not in self._people:
            person = await self.visitor(login)
            self._people[login] = await person.sign_in(self.password)
        return self._people[login]

    async def public(self) -> Person:
        """The public: it sees what everybody sees."""
        if "" not in self._people:
            self._people[""] = await self.visitor()
        return self._people[""]

    async def now(self) -> datetime:
        """Market time."""
        return instant((await (await self.public()).get("/v1/time"))["at"])

    async def advance(self, seconds: int, *, by: str) -> datetime:
        """Leap forward; somebody signed in does it. Returns market time after the leap."""
        if seconds <= 0:
            return await self.now()
        mover = await self.person(by)
        moved = await mover.post("/v1/sandbox/clock", {"advance_seconds": seconds})
        await self.settle()
        return instant(moved["at"])

    async def advance_to(self, at: datetime, *, by: str) -> datetime:
        """Leap to an instant, or a little after it; no leap where it has passed."""
        rest = (at - await self.now()).total_seconds()
        return await self.advance(int(rest) + 1 if rest > 0 else 0, by=by)

    async def settle(self) -> None:
        """Do what is due, where this process has to."""
        if self._drain is not None:
            await self._drain()

    async def until(
        self, step: str, look: Callable[[], Awaitable[Any]], wanted: Any, *, seconds: float = WAIT_SECONDS
    ) -> None:
        """Wait until what is looked at is as wanted: whoever works for this market does it soon."""
        deadline = time.monotonic() + seconds
        while True:
            seen = await look()
            if seen == wanted:
                return
            if time.monotonic() > deadline:
                raise StoryDiffers(step, wanted, seen)
            if self._drain is not None:
                await self._drain()
                if await look() == wanted:
                    return
            await asyncio.sleep(LOOK_SECONDS)

    async def until_status(self, step: str, who: Person, path: str, wanted: str) -> Json:
        """Wait until an object has a status, and return it."""

        last: Json = {}

        async def look() -> Any:
            last.update(await who.get(path))
            return last["status"]

        await self.until(step, look, wanted)
        return last

    async def working_days(self, start: date, days: int) -> date:
        """The so-manieth working day after `start`, or before it where `days` is negative."""
        reach = timedelta(days=min(abs(days) * 3 + 30, READS_MAX - 1))
        first, last = (start, start + reach) if days > 0 else (start - reach, start)
        found = await (await self.public()).get(
            "/v1/calendar", from_on=first.isoformat(), to_on=last.isoformat()
        )
        worked = [date.fromisoformat(day["on"]) for day in found["data"] if day["is_working"]]
        return nth_working_day(worked, start, days)


def nth_working_day(worked: Sequence[date], start: date, days: int) -> date:
    """The `days`-th of the worked days after `start` (before it for a negative number)."""
    if days > 0:
        return [on for on in worked if on > start][days - 1]
    return [on for on in worked if on < start][days]


def instant(text: str) -> datetime:
    """An instant from the wire."""
    return datetime.fromisoformat(text)
