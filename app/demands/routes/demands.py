"""Demands over HTTP: the public reads them, their posters write and decide, the operator reviews."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.demands import actions, errors, queries
from app.demands.routes.edge import (
    SIGNED,
    UNSAFE,
    VERSIONED,
    Chooser,
    Cursor,
    DemandId,
    Limit,
    Reviewer,
    Writer,
)
from app.demands.schemas import (
    DemandChangeIn,
    DemandChoiceIn,
    DemandClosureIn,
    DemandIn,
    DemandOut,
    DemandPage,
    DemandReturnIn,
)
from app.demands.states import DemandStatus, DemandType, TechField
from app.http.etags import IfMatch, etag
from app.http.idempotency import IdempotencyKeyMissing
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, IdempotencyRequired, Idempotent, OptionalActor
from app.identity.errors import PartyNotReviewed
from app.kit.errors import Refusal
from app.kit.money import Money
from app.kit.paging import CursorInvalid
from app.kit.schemas import Line, RegionCode
from app.kit.states import IllegalTransition

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["demands"])

_ON_DEMAND: tuple[type[Refusal], ...] = (*VERSIONED, errors.DemandNotFound, IllegalTransition)
_COMPLETE: tuple[type[Refusal], ...] = (
    errors.DemandNotEditable,
    errors.DemandIncomplete,
    errors.DemandConfirmationMissing,
    errors.DemandDeadlinePassed,
    errors.DemandDeadlineOutOfRange,
)
_CHOICE: tuple[type[Refusal], ...] = (
    errors.DemandNotPublished,
    errors.AnswersStillOpen,
    errors.SolutionNotFound,
    IdempotencyKeyMissing,
    PartyNotReviewed,
)
_CLOSURE: tuple[type[Refusal], ...] = (
    errors.DemandHasAward,
    errors.DemandHasNoAward,
    errors.AnswersStillOpen,
    errors.DemandNotPublished,
)


@router.get("/demands", responses=refusals(CursorInvalid))
async def list_demands(
    *,
    session: Session,
    actor: OptionalActor,
    q: Annotated[Line | None, Query(description="Words in the title or the text.")] = None,
    tech_field: Annotated[TechField | None, Query()] = None,
    region: Annotated[RegionCode | None, Query(description="A region and what lies in it.")] = None,
    budget_from_amount: Annotated[Money | None, Query()] = None,
    budget_to_amount: Annotated[Money | None, Query()] = None,
    type: Annotated[DemandType | None, Query()] = None,
    status: Annotated[DemandStatus | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DemandPage:
    """Demands before the public, the newest first. `submitted` and `returned` ones are listed for who reviews them."""
    wanted = queries.DemandFilter(
        q=q,
        tech_field=tech_field,
        region_code=region,
        budget_from_amount=budget_from_amount,
        budget_to_amount=budget_to_amount,
        type=type,
        status=status,
    )
    return await queries.demands(session, actor=actor, wanted=wanted, cursor=cursor, limit=limit)


@router.post(
    "/demands",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE,
        errors.BudgetInvalid,
        errors.DemandOnBehalfNotAllowed,
        errors.DemandOwnerNotFound,
        errors.DemandSourceKnown,
    ),
)
async def post_demand(
    *, body: DemandIn, actor: Writer, session: Session, clock: ClockDep, response: Response
) -> DemandOut:
    """Keep a draft, for one's own party or, as a clerk, for another that confirms it."""
    row = await actions.post_demand(
        session,
        clock,
        actor=actor,
        written=body.written(),
        source=(body.source.system, body.source.external_id) if body.source else None,
        on_behalf_of=body.on_behalf_of_party_id,
    )
    return await _told(session, row.id, actor, response)


@router.get("/demands/{id}", responses=refusals(errors.DemandNotFound))
async def read_demand(
    *, demand_id: DemandId, actor: OptionalActor, session: Session, response: Response
) -> DemandOut:
    """One demand. `own` is filled for its poster, who typed it in, reviewers and supervisors."""
    return await _told(session, demand_id, actor, response)


@router.patch(
    "/demands/{id}",
    dependencies=[Idempotent],
    responses=refusals(*_ON_DEMAND, errors.DemandNotEditable, errors.BudgetInvalid),
)
async def change_demand(
    *,
    demand_id: DemandId,
    body: DemandChangeIn,
    actor: Writer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DemandOut:
    """Change a draft or a returned demand."""
    await actions.change_demand(
        session, clock, actor=actor, demand_id=demand_id, version=version, changes=body.changes()
    )
    return await _told(session, demand_id, actor, response)


@router.post(
    "/demands/{id}/confirmation",
    dependencies=[Idempotent],
    responses=refusals(*_ON_DEMAND, errors.DemandConfirmationNotNeeded),
)
async def confirm_demand(
    *,
    demand_id: DemandId,
    actor: Writer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DemandOut:
    """The owner confirms what a clerk typed in on its behalf."""
    await actions.confirm_demand(session, clock, actor=actor, demand_id=demand_id, version=version)
    return await _told(session, demand_id, actor, response)


@router.post(
    "/demands/{id}/submission", dependencies=[Idempotent], responses=refusals(*_ON_DEMAND, *_COMPLETE)
)
async def submit_demand(
    *,
    demand_id: DemandId,
    actor: Writer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DemandOut:
    """Ask for the review."""
    await actions.submit_demand(session, clock, actor=actor, demand_id=demand_id, version=version)
    return await _told(session, demand_id, actor, response)


@router.post(
    "/demands/{id}/return",
    dependencies=[Idempotent],
    responses=refusals(*_ON_DEMAND, errors.OwnDemandReviewed),
)
async def return_demand(
    *,
    demand_id: DemandId,
    body: DemandReturnIn,
    actor: Reviewer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DemandOut:
    """Send it back with what must be changed."""
    await actions.return_demand(
        session, clock, actor=actor, demand_id=demand_id, version=version, reason=body.reason
    )
    return await _told(session, demand_id, actor, response)


@router.post(
    "/demands/{id}/publication",
    dependencies=[Idempotent],
    responses=refusals(*_ON_DEMAND, errors.OwnDemandReviewed, errors.DemandDeadlinePassed),
)
async def publish_demand(
    *,
    demand_id: DemandId,
    actor: Reviewer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DemandOut:
    """Put it before the public; answers are taken until the end of its deadline."""
    await actions.publish_demand(session, clock, actor=actor, demand_id=demand_id, version=version)
    return await _told(session, demand_id, actor, response)


@router.post(
    "/demands/{id}/choice", dependencies=[IdempotencyRequired], responses=refusals(*_ON_DEMAND, *_CHOICE)
)
async def choose_solution(
    *,
    demand_id: DemandId,
    body: DemandChoiceIn,
    actor: Chooser,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DemandOut:
    """Choose one answer with the reason; the award follows. Further answers may be chosen for other parts."""
    await actions.choose_solution(
        session,
        clock,
        actor=actor,
        demand_id=demand_id,
        version=version,
        solution_id=body.solution_id,
        reason=body.reason,
    )
    return await _told(session, demand_id, actor, response)


@router.post("/demands/{id}/closure", dependencies=[Idempotent], responses=refusals(*_ON_DEMAND, *_CLOSURE))
async def close_demand(
    *,
    demand_id: DemandId,
    body: DemandClosureIn,
    actor: Writer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DemandOut:
    """End a demand: awarded, solved elsewhere, no answer, withdrawn. Whoever was not chosen is told."""
    await actions.close_demand(
        session,
        clock,
        actor=actor,
        demand_id=demand_id,
        version=version,
        outcome=body.outcome,
        reason=body.reason,
    )
    return await _told(session, demand_id, actor, response)


@router.get("/my/demands", responses=refusals(*SIGNED, CursorInvalid))
async def list_my_demands(
    *,
    session: Session,
    actor: Writer,
    status: Annotated[DemandStatus | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DemandPage:
    """The demands of one's own party, and those that it typed in for others, the newest first."""
    return await queries.my_demands(session, actor=actor, status=status, cursor=cursor, limit=limit)


async def _told(session: Session, demand_id: UUID, actor: Actor | None, response: Response) -> DemandOut:
    told = await queries.demand(session, demand_id, actor=actor)
    etag(response, told.version)
    return told
