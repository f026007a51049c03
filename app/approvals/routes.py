"""Internal decisions over HTTP. To another organisation a case does not exist."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import actions, errors, queries
from app.approvals.schemas import (
    CaseEndIn,
    CaseOut,
    CasePage,
    ChainIn,
    ChainOut,
    ChainsOut,
    DelegationIn,
    DelegationOut,
    DelegationsOut,
    StepDecisionIn,
)
from app.approvals.states import CaseStatus
from app.files.errors import FileGone
from app.http.etags import EtagMalformed, IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyReused
from app.http.problems import InputInvalid, refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, SignedIn, require
from app.identity.errors import CredentialInvalid, CsrfTokenInvalid, PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import NotFound, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.kit.states import IllegalTransition

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["approvals"])

ChainId = Annotated[UUID, Path(alias="id", description="The chain.")]
CaseId = Annotated[UUID, Path(alias="id", description="The case.")]
DelegationId = Annotated[UUID, Path(alias="id", description="The delegation.")]
ChainEditor = Annotated[Actor, Depends(require(Permission.CHAIN_EDIT))]
Opener = Annotated[Actor, Depends(require(Permission.APPROVAL_OPEN))]
Approver = Annotated[Actor, Depends(require(Permission.APPROVAL_DECIDE))]

_SIGNED = (Unauthenticated, CredentialInvalid, PermissionMissing, InputInvalid)
_UNSAFE = (*_SIGNED, CsrfTokenInvalid, IdempotencyKeyReused)
_PINNED = (NotFound, Stale, PreconditionRequired, EtagMalformed, IllegalTransition)


async def _answer(session: AsyncSession, response: Response, case_id: UUID, actor: Actor) -> CaseOut:
    await session.flush()
    told = await queries.case(session, actor=actor, case_id=case_id)
    etag(response, told.version)
    return told


@router.get("/approval-chains", responses=refusals(*_SIGNED))
async def list_approval_chains(actor: SignedIn, session: Session) -> ChainsOut:
    """The chains of one's own organisation with all their versions; empty for who has no part in its decisions."""
    return await queries.chains(session, actor=actor)


@router.post(
    "/approval-chains",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*_UNSAFE, errors.ChainUnfit),
)
async def make_approval_chain(
    body: ChainIn, actor: ChainEditor, session: Session, clock: ClockDep
) -> ChainOut:
    """Make a chain, or the next version of the one of this name. Cases keep the version that they were opened with."""
    return queries.chain_out(await actions.make_chain(session, clock, actor=actor, body=body))


@router.post(
    "/approval-chains/{id}/retirement",
    dependencies=[Idempotent],
    responses=refusals(*_UNSAFE, NotFound, errors.ChainRetired),
)
async def retire_approval_chain(
    chain_id: ChainId, actor: ChainEditor, session: Session, clock: ClockDep
) -> ChainOut:
    """Take a chain out of force. Cases that were opened with it go on."""
    return queries.chain_out(await actions.retire_chain(session, clock, actor=actor, chain_id=chain_id))


@router.get("/approval-cases", responses=refusals(*_SIGNED, CursorInvalid))
async def list_approval_cases(
    actor: SignedIn,
    session: Session,
    status: CaseStatus | None = None,
    waiting: Annotated[bool, Query(description="Only those that wait for you.")] = False,
    cursor: Annotated[str | None, Query(max_length=1_000)] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 20,
) -> CasePage:
    """The cases of one's own organisation; for supervisors and auditors those of their region. The newest first."""
    return await queries.cases(
        session, actor=actor, status=status, waiting=waiting, cursor=cursor, limit=limit
    )


@router.get("/approval-cases/{id}", responses=refusals(*_SIGNED, NotFound))
async def read_approval_case(
    case_id: CaseId, actor: SignedIn, session: Session, response: Response
) -> CaseOut:
    """One case: its steps, who said what in whose name, and its record as a hash chain."""
    return await _answer(session, response, case_id, actor)


@router.post(
    "/approval-cases/{id}/submission",
    dependencies=[Idempotent],
    responses=refusals(*_UNSAFE, *_PINNED, errors.CaseStage, errors.FolderIncomplete, errors.ChainUnfit),
)
async def submit_approval_case(
    case_id: CaseId,
    expected: IfMatch,
    actor: Opener,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> CaseOut:
    """Send a case through its chain; one that came back begins again. Steps that the amount does not need are skipped."""
    await actions.submit_case(session, clock, actor=actor, case_id=case_id, expected=expected)
    return await _answer(session, response, case_id, actor)


@router.post(
    "/approval-cases/{id}/decisions",
    dependencies=[Idempotent],
    responses=refusals(
        *_UNSAFE,
        NotFound,
        errors.CaseStage,
        errors.StepNotOpen,
        errors.ApproverIsCreator,
        errors.ApproverNotNamed,
        errors.ApproverSpoke,
        errors.DecisionNumberMissing,
        FileGone,
    ),
)
async def decide_approval_step(
    case_id: CaseId,
    body: StepDecisionIn,
    actor: Approver,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> CaseOut:
    """Give your opinion on an open step, for yourself or for whom you stand in. Whoever made the case does not."""
    await actions.decide_step(session, clock, actor=actor, case_id=case_id, body=body)
    return await _answer(session, response, case_id, actor)


@router.post(
    "/approval-cases/{id}/cancellation",
    dependencies=[Idempotent],
    responses=refusals(*_UNSAFE, *_PINNED, errors.CaseStage),
)
async def cancel_approval_case(
    case_id: CaseId,
    body: CaseEndIn,
    expected: IfMatch,
    actor: Opener,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> CaseOut:
    """Take a case back before it is decided."""
    await actions.cancel_case(
        session, clock, actor=actor, case_id=case_id, expected=expected, reason=body.reason
    )
    return await _answer(session, response, case_id, actor)


@router.get("/approval-delegations", responses=refusals(*_SIGNED))
async def list_approval_delegations(actor: SignedIn, session: Session) -> DelegationsOut:
    """Who stands in for whom in one's own organisation."""
    return await queries.delegations(session, actor=actor)


@router.post(
    "/approval-delegations",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*_UNSAFE, errors.DelegationUnfit),
)
async def make_approval_delegation(
    body: DelegationIn, actor: Approver, session: Session, clock: ClockDep
) -> DelegationOut:
    """Let a colleague stand in for you as an approver. He decides under his own name, and yours is shown beside it."""
    row = await actions.delegate(session, clock, actor=actor, body=body)
    return await queries.delegation(session, row)


@router.delete(
    "/approval-delegations/{id}",
    dependencies=[Idempotent],
    responses=refusals(*_UNSAFE, NotFound),
)
async def revoke_approval_delegation(
    delegation_id: DelegationId, actor: Approver, session: Session, clock: ClockDep
) -> DelegationOut:
    """End your own delegation now."""
    row = await actions.revoke(session, clock, actor=actor, delegation_id=delegation_id)
    return await queries.delegation(session, row)
