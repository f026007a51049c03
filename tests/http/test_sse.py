"""The order in which a stream says things."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

from starlette.requests import Request

from app.http import sse


async def test_a_heartbeat_never_names_what_has_not_been_sent() -> None:
    place = [0]

    async def frames() -> AsyncIterator[bytes]:
        for seq in (1, 2, 3):
            place[0] = seq
            yield f"event {seq}".encode()
        await asyncio.Event().wait()

    async def heartbeat() -> bytes:
        await asyncio.sleep(0.01)  # market time is read meanwhile, and the buffer fills
        return f"heartbeat at {place[0]}".encode()

    async def still_allowed() -> bool:
        return True

    app = SimpleNamespace(state=SimpleNamespace(streams=sse.Gauge()))
    request = Request({"type": "http", "app": app, "headers": []})
    answer = sse.stream(request, frames=frames, heartbeat=heartbeat, still_allowed=still_allowed)
    said = aiter(answer.body_iterator)
    heard = [await anext(said) for _ in range(5)]
    assert heard == [b"retry: 1000\n\n", b"event 1", b"event 2", b"event 3", b"heartbeat at 3"]
    await said.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert app.state.streams.open == 0
