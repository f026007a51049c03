"""The same service, whose sales are streamed by sse-starlette: one generator and one queue a watcher, as its users write it.

The same bids, the same events, the same news handed over after the commit: only the writer of streams is another one.
Run as a process of its own: `python -m benchmarks.library PORT`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from sse_starlette.sse import EventSourceResponse, ServerSentEvent

from app.auctions import queries
from app.auctions.actions import topic
from app.auctions.rules.snapshot import Snapshot
from app.auctions.schemas import EventOut
from app.cli.serve import spare_collector
from app.config import Settings
from app.main import create_app

QUEUED = 512
router = APIRouter(prefix="/v1/bench")


class Sale:
    """A watched sale: its state, and the queues of its watchers."""

    def __init__(self, app: FastAPI, auction_id: UUID) -> None:
        self._app, self._auction_id = app, auction_id
        self._state: Snapshot | None = None
        self.queues: set[asyncio.Queue[EventOut]] = set()
        self.ready = asyncio.create_task(self._begin())
        self.following = asyncio.create_task(self._follow())

    async def _begin(self) -> None:
        async with self._app.state.database.session() as session:
            self._state, told = await queries.fold_on(session, self._auction_id, None, limit=500)
            while told:
                self._state, told = await queries.fold_on(session, self._auction_id, self._state, limit=500)

    async def _follow(self) -> None:
        with self._app.state.hub.listening(topic(self._auction_id), self._hear):
            await asyncio.Event().wait()

    def _hear(self, news: list[Any]) -> bool:
        if self._state is not None and self.ready.done():
            self._state, told = queries.fold(self._state, news)
            for event in told:
                for queue in self.queues:
                    queue.put_nowait(event)
        return True


@router.get("/auctions/{auction_id}/stream")
async def stream(request: Request, auction_id: UUID) -> EventSourceResponse:
    """One watcher."""
    sales: dict[UUID, Sale] = request.app.state.bench_sales
    if auction_id not in sales:
        sales[auction_id] = Sale(request.app, auction_id)
    sale = sales[auction_id]
    await asyncio.shield(sale.ready)
    queue: asyncio.Queue[EventOut] = asyncio.Queue(QUEUED)
    sale.queues.add(queue)

    async def events() -> AsyncIterator[ServerSentEvent]:
        try:
            while True:
                event = await queue.get()
                yield ServerSentEvent(event.model_dump_json(), event=event.kind, id=str(event.seq))
        finally:
            sale.queues.discard(queue)

    return EventSourceResponse(events())


def main() -> None:
    """Serve until ended."""
    app = create_app(Settings())
    app.state.bench_sales = {}
    app.router.routes.insert(0, router.routes[0])
    spare_collector()
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
