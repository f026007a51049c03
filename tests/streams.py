"""Reading server-sent events as a client would."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Heard:
    """One event of a stream."""

    name: str
    id: str | None
    data: Any


class Ear:
    """An open stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self, *, heartbeats: bool = False) -> Heard:
        """The next event; heartbeats are passed over unless wanted. Raises StopAsyncIteration at the end."""
        fields: dict[str, str] = {}
        async for line in self._lines:
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                if heartbeats or fields["event"] != "heartbeat":
                    return Heard(fields["event"], fields.get("id"), json.loads(fields["data"]))
                fields = {}
            else:
                fields = {}
        raise StopAsyncIteration


@asynccontextmanager
async def listen(url: str, *, headers: dict[str, str] | None = None) -> AsyncIterator[Ear]:
    """Open a stream over a connection of its own."""
    async with (
        httpx.AsyncClient(timeout=15) as client,
        client.stream("GET", url, headers=headers or {}) as response,
    ):
        yield Ear(response)
