"""Contracts over HTTP: read one's own, confirm one's own side."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from app.contracts import actions, errors, queries
from app.contracts.schemas import ContractOut, ContractPage
from app.contracts.states import ContractStatus
from app.http.etags import EtagMalformed, IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, IdempotencyRequired, SignedIn, require
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Busy, Refusal, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.markets.errors import AwardWasRescinded
from app.settlement.errors import DepositEnded, DepositNotHeld

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["contracts"])

ContractId = Annotated[UUID, Path(alias="id", description="The contract record.")]
Confirmer = Annotated[Actor, Depends(require(Permission.CONTRACT_CONFIRM))]

_READ: tuple[type[Refusal], ...] = (Unauthenticated, Busy)
_CONFIRM: tuple[type[Refusal], ...] = (
    *_READ,
    PermissionMissing,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    errors.ContractNotFound,
    Stale,
    PreconditionRequired,
    EtagMalformed,
    errors.ContractVoided,
    errors.SideConfirmedBefore,
    errors.OnePersonOnBothSides,
    DepositNotHeld,
    DepositEnded,
    AwardWasRescinded,
)


@router.get("/contracts", responses=refusals(*_READ, CursorInvalid))
async def list_contracts(
    session: Session,
    actor: SignedIn,
    status: Annotated[ContractStatus | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=1_000)] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 50,
) -> ContractPage:
    """One's own contracts; for supervisors and auditors all of their region. The newest first."""
    return await queries.list_contracts(session, actor=actor, status=status, cursor=cursor, limit=limit)


@router.get("/contracts/{id}", responses=refusals(*_READ, errors.ContractNotFound))
async def read_contract(
    contract_id: ContractId, actor: SignedIn, session: Session, response: Response
) -> ContractOut:
    """One contract record."""
    told = await queries.read_contract(session, actor=actor, contract_id=contract_id)
    etag(response, told.version)
    return told


@router.post(
    "/contracts/{id}/confirmation", dependencies=[IdempotencyRequired], responses=refusals(*_CONFIRM)
)
async def confirm_contract(
    *,
    contract_id: ContractId,
    actor: Confirmer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ContractOut:
    """Confirm for one's own side. When both sides have, the buyer's deposit counts towards the price."""
    await actions.confirm_contract(session, clock, actor=actor, contract_id=contract_id, version=version)
    told = await queries.read_contract(session, actor=actor, contract_id=contract_id)
    etag(response, told.version)
    return told
