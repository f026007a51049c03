"""The same fan-out by sse-starlette: one queue a watcher, an event of the same size, published by a call.

Run as a process of its own: `python -m benchmarks.library PORT`.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_queues: set[asyncio.Queue[dict[str, Any]]] = set()
_count = [0]
_EVENT = {"status": "free_bidding", "hash": "0" * 64, "filler": "x" * 600}


async def stream(request: Request) -> Response:
    """One watcher."""
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(512)
    _queues.add(queue)

    async def events() -> AsyncIterator[dict[str, Any]]:
        try:
            while True:
                yield await queue.get()
        finally:
            _queues.discard(queue)

    return EventSourceResponse(events())


async def publish(request: Request) -> Response:
    """One event for all."""
    _count[0] += 1
    for queue in _queues:
        queue.put_nowait({"id": str(_count[0]), "event": "bid_placed", "data": json.dumps(_EVENT)})
    return JSONResponse({"seq": _count[0]})


async def ready(request: Request) -> Response:
    """Whether it serves."""
    return JSONResponse({"status": "ready"})


def main() -> None:
    """Serve until ended."""
    app = Starlette(
        routes=[
            Route("/stream", stream),
            Route("/publish", publish, methods=["POST"]),
            Route("/readyz", ready),
        ]
    )
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False)


if __name__ == "__main__":
    main()
