"""Making the application. Nothing happens at import; two applications can live in one process."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, Response

from app.auctions.door import BidDoor
from app.auctions.sealed.vault import Vault
from app.auctions.writer import CONNECTIONS, Writer
from app.bootstrap import ROUTERS, STREAM_MODELS, TAGS
from app.config import Settings
from app.db.heartbeat import Heart
from app.db.session import Database
from app.files.store import Store
from app.http import problems
from app.http.assets import Assets
from app.http.broadcast import Broadcaster
from app.http.limits import Limiter
from app.http.middleware import Edge, Metrics
from app.http.openapi import document
from app.http.sse import Gauge
from app.hub import Hub
from app.identity.access import SIGN_IN
from app.identity.badges import Badges
from app.identity.credentials import TOPIC as CREDENTIALS
from app.identity.passwords import Passwords
from app.identity.sealing import Sealer
from app.kit.errors import NotFound
from app.logs import configure_logs
from app.signing.keyring import Keyring

DESCRIPTION = (
    "An online technology-trading market: achievements, demands, three pricing paths, money and evidence.\n\n"
    "Times are RFC 3339 in UTC, judged by the market's clock (`GET /v1/time`); amounts are exact yuan strings; "
    "lists are paged by cursor; unsafe calls take an `Idempotency-Key`; refusals are problem documents (RFC 9457) "
    "with a stable `code` and sentences in Chinese and English."
)


def create_app(settings: Settings, *, database: Database | None = None) -> FastAPI:
    """The application for these settings. A caller that passes a database keeps it; else it is ours to dispose."""
    configure_logs(settings.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = database or Database(
            settings.asyncpg_url,
            pool_size=settings.database_pool_size,
            serves=settings.heartbeat_seconds > 0,
        )
        app.state.database.lend(
            keyring=app.state.keyring, vault=Vault.of(settings), store=Store(settings.file_directory)
        )
        app.state.hub = Hub(settings.redis_url)
        app.state.limiter = Limiter(settings.redis_url)
        app.state.broadcaster = Broadcaster(app.state.database)
        await app.state.hub.start()
        beating = _beating(app.state.database, settings.heartbeat_seconds)
        async with _bidding(app):
            yield
        await app.state.broadcaster.stop()
        if beating is not None:
            beating.cancel()
        await app.state.limiter.close()
        await app.state.hub.stop()
        if database is None:
            await app.state.database.dispose()

    app = FastAPI(
        title="Jishi 技市",
        version="1.0.0",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        openapi_tags=[{"name": name, "description": words} for name, words in TAGS.items()],
        generate_unique_id_function=_operation_id,
        separate_input_output_schemas=False,
    )
    app.openapi_version = "3.1.0"
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.streams = Gauge()
    app.state.passwords = Passwords(memory_kib=settings.argon2_memory_kib, passes=settings.argon2_passes)
    app.state.sealer = Sealer(settings.secret_key.get_secret_value() if settings.secret_key else None)
    app.state.keyring = Keyring.of(settings)
    served = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    problems.install(app, served)
    for router in ROUTERS:
        app.include_router(router)
    _serve_pages(app, settings.frontend_directory)
    _publish_openapi(app, served)
    _add_layers(app, settings)
    return app


def _add_layers(app: FastAPI, settings: Settings) -> None:
    """What every request passes, the innermost layer first."""
    app.add_middleware(BidDoor)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.allowed_hosts)
    app.add_middleware(
        Edge,
        metrics=app.state.metrics,
        body_limit=settings.body_limit_bytes,
        upload_limit=settings.upload_limit_bytes,
        upload_paths=frozenset({"/v1/imports", "/v1/files"}),
    )


def _beating(database: Database, seconds: float) -> asyncio.Task[None] | None:
    """The loop of this process's heartbeats, unless it serves nobody."""
    return asyncio.create_task(Heart(database, seconds=seconds).run()) if seconds else None


@asynccontextmanager
async def _bidding(app: FastAPI) -> AsyncIterator[None]:
    """What the bid's own door needs: who bids, and the writer of bids. What waits at the end is still written."""
    with app.state.hub.listening(CREDENTIALS) as changed:
        app.state.badges = Badges(app.state.database, changed)
        batches = app.state.database.for_batches(pool_size=CONNECTIONS)
        app.state.writer = Writer(batches, app.state.hub)
        app.state.writer.start()
        yield
        await app.state.writer.stop()
        await batches.dispose()


def _operation_id(route: APIRoute) -> str:
    return route.name


def _publish_openapi(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Make `app.openapi()` (and /openapi.json) the completed document, made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(app, routes, STREAM_MODELS, SIGN_IN)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the documented way to change the document


class _PagePath(Convertor[str]):
    """A path that is the pages' and not the API's: an unknown path of the API stays a problem document."""

    regex = r"(?!v1(?:/|$)|openapi).*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


def _serve_pages(app: FastAPI, directory: Path) -> None:
    """Serve the built front end: its files under /assets, its one page for every other path outside the API."""
    page = directory / "index.html"
    if (directory / "assets").is_dir():
        app.mount("/assets", Assets(directory=directory / "assets"), name="assets")
    register_url_convertor("page", _PagePath())

    @app.get("/{path:page}", include_in_schema=False)
    async def pages(path: str) -> Response:
        if not page.is_file():
            raise NotFound()
        named = directory / path
        # Files that the build puts beside the page (icons, robots.txt) by their plain names only.
        if path and "/" not in path and not path.startswith(".") and named.is_file():
            return FileResponse(named)
        return FileResponse(page, headers={"Cache-Control": "no-cache"})
