"""Answers over HTTP: answerers give and take back, the poster shortlists; nobody else sees them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.demands import actions, errors, queries
from app.demands.routes.edge import (
    SIGNED,
    UNSAFE,
    VERSIONED,
    Answerer,
    Cursor,
    DemandId,
    Limit,
    Provider,
    SolutionId,
    Writer,
)
from app.demands.schemas import (
    SolutionIn,
    SolutionOut,
    SolutionPage,
)
from app.demands.states import SolutionStatus
from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, SignedIn
from app.identity.errors import PartyNotReviewed
from app.kit.errors import Refusal, Unauthenticated
from app.kit.money import fen
from app.kit.paging import CursorInvalid
from app.kit.states import IllegalTransition

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["demands"])

_ON_SOLUTION: tuple[type[Refusal], ...] = (*VERSIONED, errors.SolutionNotFound, IllegalTransition)
_ANSWER: tuple[type[Refusal], ...] = (
    errors.DemandNotFound,
    errors.ProviderCannotSell,
    errors.OwnDemandAnswered,
    errors.AnswersClosed,
    errors.SolutionKnown,
    PartyNotReviewed,
)


@router.get(
    "/demands/{id}/solutions", responses=refusals(Unauthenticated, errors.DemandNotFound, CursorInvalid)
)
async def list_solutions(
    *, session: Session, actor: SignedIn, demand_id: DemandId, cursor: Cursor = None, limit: Limit = 50
) -> SolutionPage:
    """The answers that are one's own to see: all for the poster, an answerer's own, none for anybody else."""
    return await queries.solutions(session, demand_id, actor=actor, cursor=cursor, limit=limit)


@router.post(
    "/demands/{id}/solutions",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, *_ANSWER),
)
async def post_solution(
    *,
    demand_id: DemandId,
    body: SolutionIn,
    actor: Provider,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> SolutionOut:
    """Answer a demand. Only its poster and the answerer see it."""
    row = await actions.answer_demand(
        session,
        clock,
        actor=actor,
        demand_id=demand_id,
        kind=body.kind,
        summary=body.summary,
        approach=body.approach,
        amount_minor=fen(body.price_amount),
        schedule_months=body.schedule_months,
        team=body.team,
    )
    return await _answer_told(session, row.id, actor, response)


@router.get("/my/solutions", responses=refusals(*SIGNED, CursorInvalid))
async def list_my_solutions(
    *,
    session: Session,
    actor: Answerer,
    status: Annotated[SolutionStatus | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> SolutionPage:
    """The answers of one's own party, the newest first."""
    return await queries.my_solutions(session, actor=actor, status=status, cursor=cursor, limit=limit)


@router.get("/solutions/{id}", responses=refusals(Unauthenticated, errors.SolutionNotFound))
async def read_solution(
    *, solution_id: SolutionId, actor: SignedIn, session: Session, response: Response
) -> SolutionOut:
    """One answer, for its answerer and the poster."""
    return await _answer_told(session, solution_id, actor, response)


@router.post(
    "/solutions/{id}/shortlist",
    dependencies=[Idempotent],
    responses=refusals(*_ON_SOLUTION, errors.DemandNotPublished),
)
async def shortlist_solution(
    *,
    solution_id: SolutionId,
    actor: Writer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> SolutionOut:
    """The poster looks closer at an answer; its answerer learns that."""
    await actions.shortlist_solution(session, clock, actor=actor, solution_id=solution_id, version=version)
    return await _answer_told(session, solution_id, actor, response)


@router.post("/solutions/{id}/withdrawal", dependencies=[Idempotent], responses=refusals(*_ON_SOLUTION))
async def withdraw_solution(
    *,
    solution_id: SolutionId,
    actor: Answerer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> SolutionOut:
    """Take one's answer back before it is decided on."""
    await actions.withdraw_solution(session, clock, actor=actor, solution_id=solution_id, version=version)
    return await _answer_told(session, solution_id, actor, response)


async def _answer_told(session: Session, solution_id: UUID, actor: Actor, response: Response) -> SolutionOut:
    told = await queries.solution(session, solution_id, actor=actor)
    etag(response, told.version)
    return told
