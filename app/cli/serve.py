"""`serve`: the API and the built pages, in one process."""

import gc
from typing import Annotated

import typer
import uvicorn

from app.config import Settings
from app.http.connections import Connection
from app.main import create_app

GRACE_SECONDS = 5


def command(
    host: Annotated[str, typer.Option(help="监听地址 · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口 · port")] = 8000,
) -> None:
    """提供接口与网页(需要 DATABASE_URL)· serve API and pages (needs DATABASE_URL; migrate first)."""
    app = create_app(Settings())
    spare_collector()
    uvicorn.run(
        app,
        http=Connection,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,  # what takes longer is ended
    )


def spare_collector() -> None:
    """Leave what was loaded to start with out of every later garbage collection, and collect less often.

    A batch of bids makes many short-lived objects; searching the whole program among them cost a seventh of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
