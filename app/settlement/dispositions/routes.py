"""Dispositions over HTTP: read them, confirm or refuse one as the second person. They are proposed by the sale's room."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from app.http.etags import EtagMalformed, IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, IdempotencyRequired, SignedIn, require
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Busy, Refusal, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.settlement.dispositions import actions, errors, queries
from app.settlement.dispositions.schemas import DispositionOut, DispositionPage
from app.settlement.dispositions.states import DispositionStatus
from app.settlement.schemas import BankReasonIn

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["settlement"])

DispositionId = Annotated[UUID, Path(alias="id", description="The disposition.")]
Checker = Annotated[Actor, Depends(require(Permission.REFUND_CONFIRM))]
Cursor = Annotated[str | None, Query(max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]

_DECIDED: tuple[type[Refusal], ...] = (
    Unauthenticated,
    Busy,
    PermissionMissing,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    Stale,
    PreconditionRequired,
    EtagMalformed,
    errors.DispositionDecided,
    errors.DispositionNotFound,
    errors.DispositionNeedsSecondPerson,
)


@router.get("/deposit-dispositions", responses=refusals(Unauthenticated, Busy, CursorInvalid))
async def list_deposit_dispositions(
    session: Session,
    actor: SignedIn,
    status: Annotated[DispositionStatus | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DispositionPage:
    """For finance all of their region; for a payer or a seller its own. The newest first."""
    return await queries.list_dispositions(session, actor=actor, status=status, cursor=cursor, limit=limit)


@router.get(
    "/deposit-dispositions/{id}", responses=refusals(Unauthenticated, Busy, errors.DispositionNotFound)
)
async def read_deposit_disposition(
    disposition_id: DispositionId, actor: SignedIn, session: Session, response: Response
) -> DispositionOut:
    """One disposition."""
    return await _answer(session, actor, disposition_id, response)


@router.post(
    "/deposit-dispositions/{id}/confirmation",
    dependencies=[IdempotencyRequired],
    responses=refusals(*_DECIDED),
)
async def confirm_deposit_disposition(
    *,
    disposition_id: DispositionId,
    actor: Checker,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DispositionOut:
    """Confirm as the second person: the ledger moves now, line by line."""
    await actions.confirm(session, clock, actor=actor, disposition_id=disposition_id, version=version)
    return await _answer(session, actor, disposition_id, response)


@router.post(
    "/deposit-dispositions/{id}/refusal", dependencies=[IdempotencyRequired], responses=refusals(*_DECIDED)
)
async def refuse_deposit_disposition(
    *,
    disposition_id: DispositionId,
    body: BankReasonIn,
    actor: Checker,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DispositionOut:
    """Send a proposal back as the second person; another may follow."""
    await actions.refuse(
        session,
        clock,
        actor=actor,
        disposition_id=disposition_id,
        version=version,
        reason=body.reason,
    )
    return await _answer(session, actor, disposition_id, response)


async def _answer(session: Session, actor: Actor, disposition_id: UUID, response: Response) -> DispositionOut:
    told = await queries.read_disposition(session, actor=actor, disposition_id=disposition_id)
    etag(response, told.version)
    return told
