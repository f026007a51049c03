"""`/v1/calendar`: everybody reads it, the operator enters what a notice decided."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from app.calendar import actions, queries
from app.calendar.errors import (
    CalendarDayDecidedBefore,
    CalendarDayOutOfRange,
    CalendarRangeInvalid,
    CalendarYearUnfit,
)
from app.calendar.rules import check_range
from app.calendar.schemas import CalendarDayIn, CalendarDayOut, CalendarOut, CalendarYearIn, CalendarYearOut
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, require
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Unauthenticated
from app.kit.schemas import QueryDate

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["calendar"])

CalendarEditor = Annotated[Actor, Depends(require(Permission.CALENDAR_EDIT))]


@router.get("/calendar", responses=refusals(CalendarRangeInvalid))
async def read_calendar(
    session: Session,
    from_on: Annotated[QueryDate, Query(description="The first day.")],
    to_on: Annotated[QueryDate, Query(description="The last day.")],
) -> CalendarOut:
    """Working days and days off from one day to another, both included, at most 400 at once."""
    check_range(from_on, to_on)
    return CalendarOut(
        data=await queries.days(session, from_on, to_on), horizon_on=await queries.horizon(session, from_on)
    )


@router.put(
    "/calendar/{on}",
    dependencies=[Idempotent],
    responses=refusals(CalendarDayOutOfRange, Unauthenticated, PermissionMissing),
)
async def decide_calendar_day(
    on: Annotated[QueryDate, Path(description="The day.")],
    body: CalendarDayIn,
    actor: CalendarEditor,
    session: Session,
    clock: ClockDep,
) -> CalendarDayOut:
    """Enter or correct a day as the government's notice has it."""
    await actions.decide_day(
        session,
        clock,
        actor=actor,
        on=on,
        is_working=body.is_working,
        note=body.note,
        source=body.source,
    )
    return (await queries.days(session, on, on))[0]


@router.post(
    "/calendar-years",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(CalendarYearUnfit, CalendarDayDecidedBefore, Unauthenticated, PermissionMissing),
)
async def decide_calendar_year(
    body: CalendarYearIn, actor: CalendarEditor, session: Session, clock: ClockDep
) -> CalendarYearOut:
    """Enter a whole year as its notice decides it. Dates that were provisional are counted again at once."""
    days_new = await actions.decide_year(
        session,
        clock,
        year=body.year,
        days_off=body.days_off,
        days_worked=body.days_worked,
        source=body.source,
        entered_by=actor.user_id,
    )
    return CalendarYearOut(year=body.year, days_new=days_new, source=body.source)
