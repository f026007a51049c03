"""`POST /v1/sandbox/clock`: answers 404 in a live database, as if it were not there."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Depends

from app.db.clock import Clock, move_sandbox_clock, read_market_clock
from app.http.problems import refusals
from app.http.session import Session, TransactionalRoute
from app.hub import wake
from app.identity.access import Idempotent, SignedIn
from app.kit.errors import NotFound, Unauthenticated
from app.sandbox.errors import ClockTooFar
from app.sandbox.rules import check_horizon
from app.sandbox.schemas import ClockIn, ClockOut

router = APIRouter(prefix="/v1/sandbox", route_class=TransactionalRoute, tags=["sandbox"])


async def _sandbox_only(session: Session) -> None:
    """Asked before anything else, the credential included: in a live database there is nothing here to be asked."""
    if (await read_market_clock(session)).kind != "sandbox":
        raise NotFound()


@router.post(
    "/clock",
    dependencies=[Depends(_sandbox_only), Idempotent],
    responses=refusals(NotFound, Unauthenticated, ClockTooFar),
)
async def move_clock(body: ClockIn, _actor: SignedIn, session: Session) -> ClockOut:
    """Move market time forward, or let it run up to 1,440 times as fast (a day in a minute). Sandboxes only."""
    check_horizon(await Clock().read(session), body.advance_seconds, datetime.now(UTC))
    clock = await move_sandbox_clock(session, advance=timedelta(seconds=body.advance_seconds), rate=body.rate)
    wake(session, "clock")
    return ClockOut(at=clock.at, rate=clock.rate)
