"""The service as the benchmark serves it: as it is, or with a writer that answers at once.

Run as a process of its own: `python -m benchmarks.server PORT plain|idle`.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI

from app.auctions.actions.batch import Asked
from app.auctions.routes.wiring import Bidder
from app.auctions.schemas import BidIn
from app.cli.collector import spare_collector
from app.config import Settings
from app.http.answers import Answer
from app.http.connections import Connection
from app.http.session import TransactionalRoute
from app.kit.schemas import Output
from app.main import create_app

router = APIRouter(prefix="/v1/bench", route_class=TransactionalRoute)


class Nothing(Output):
    """An answer that says nothing."""

    bid_no: int


@router.post("/{auction_id}", status_code=201)
async def nothing(auction_id: str, body: BidIn, actor: Bidder) -> Nothing:
    """What a route of the framework costs with authentication, a body and an answer, and nothing else."""
    return Nothing(bid_no=len(auction_id) + len(body.amount) + len(actor.roles))


class IdleWriter:
    """In the writer's place: what the door costs with authentication and parsing, and nothing else."""

    async def place(self, asked: Asked) -> Answer:
        """An answer at once."""
        return Answer(201, b'{"bid_no":1}', {"content-type": "application/json"})


def make(kind: str) -> FastAPI:
    """The application."""
    app = create_app(Settings())
    app.router.routes.insert(0, router.routes[0])
    if kind == "idle":
        usual: Any = app.router.lifespan_context

        @asynccontextmanager
        async def idle(served: FastAPI) -> AsyncIterator[Any]:
            async with usual(served) as state:
                writer, served.state.writer = served.state.writer, IdleWriter()
                yield state
                served.state.writer = writer

        app.router.lifespan_context = idle
    return app


def main() -> None:
    """Serve until ended."""
    app = make(sys.argv[2])
    spare_collector()
    uvicorn.run(
        app,
        http=Connection,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
