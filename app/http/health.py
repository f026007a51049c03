"""Health, readiness, metrics and the market's time."""

import hmac

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from app.db.clock import read_market_clock
from app.http.problems import refusals
from app.http.session import Session, TransactionalRoute, database
from app.kit.dates import Instant
from app.kit.errors import Busy, NotFound
from app.kit.schemas import Output

router = APIRouter()
timed = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["time"])

LOOPBACK = {"127.0.0.1", "::1"}


class HealthOut(Output):
    """The process answers."""

    status: str


class ReadyOut(Output):
    """What the process depends on."""

    status: str
    database: bool
    redis: bool | None


class TimeOut(Output):
    """The market's clock: show this one. `rate` is market seconds per real second, 1 in a live database."""

    at: Instant
    kind: str
    rate: int


@router.get("/healthz", include_in_schema=False)
async def healthz() -> HealthOut:
    """The process is alive."""
    return HealthOut(status="ok")


@router.get("/readyz", include_in_schema=False)
async def readyz(request: Request) -> ReadyOut:
    """The process can serve: the database answers. Redis only makes it faster, so its absence is not unready."""
    async with database(request).session() as session:
        await session.execute(text("SELECT 1 FROM market_clock"))
    return ReadyOut(status="ok", database=True, redis=await request.app.state.hub.healthy())


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Prometheus figures: for this machine, or with the bearer token of the settings."""
    token = request.app.state.settings.metrics_token
    bearer = request.headers.get("authorization", "")
    local = token is None and request.client is not None and request.client.host in LOOPBACK
    wanted = f"Bearer {token.get_secret_value()}" if token is not None else None
    if not local and (wanted is None or not hmac.compare_digest(bearer.encode(), wanted.encode())):
        raise NotFound()
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)


@timed.get("/time", responses=refusals(Busy))
async def read_time(session: Session, response: Response) -> TimeOut:
    """Market time now, by the clock that judges bids. Ask five times and believe the quickest answer."""
    clock = await read_market_clock(session)
    response.headers["Cache-Control"] = "no-store"
    return TimeOut(at=clock.at, kind=clock.kind, rate=clock.rate)
