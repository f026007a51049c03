"""`serve`: the API and the built pages, in one process."""

from typing import Annotated

import typer
import uvicorn

from app.cli.collector import spare_collector
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
