"""Money over HTTP: deposits, the bank's arrivals, refunds, and the ledger for those who read it."""

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
from app.kit.money import fen
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.kit.states import IllegalTransition
from app.settlement import actions, errors, queries
from app.settlement.schemas import (
    AccountPage,
    ArrivalIn,
    ArrivalOut,
    ArrivalPage,
    BankReasonIn,
    DepositOut,
    DepositPage,
    PostingPage,
    RefundOrderIn,
    RefundOut,
    RefundPage,
    TrialBalanceOut,
)
from app.settlement.states import AccountKind, ArrivalStatus, DepositStatus, RefundStatus

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["settlement"])

Enterer = Annotated[Actor, Depends(require(Permission.ARRIVAL_ENTER))]
Confirmer = Annotated[Actor, Depends(require(Permission.ARRIVAL_CONFIRM))]
RefundOrderer = Annotated[Actor, Depends(require(Permission.REFUND_ORDER))]
RefundConfirmer = Annotated[Actor, Depends(require(Permission.REFUND_CONFIRM))]
LedgerReader = Annotated[Actor, Depends(require(Permission.LEDGER_READ))]

DepositId = Annotated[UUID, Path(alias="id", description="The deposit.")]
ArrivalId = Annotated[UUID, Path(alias="id", description="The bank arrival.")]
RefundId = Annotated[UUID, Path(alias="id", description="The refund.")]
AccountId = Annotated[UUID, Path(alias="id", description="The ledger's account.")]
Cursor = Annotated[str | None, Query(max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]

_SIGNED: tuple[type[Refusal], ...] = (Unauthenticated, Busy)
_STAFF: tuple[type[Refusal], ...] = (*_SIGNED, PermissionMissing)
_MONEY: tuple[type[Refusal], ...] = (*_STAFF, IdempotencyKeyMissing, IdempotencyKeyReused)
_DECIDED: tuple[type[Refusal], ...] = (*_MONEY, Stale, PreconditionRequired, EtagMalformed, IllegalTransition)
_LEDGER: tuple[type[Refusal], ...] = (*_STAFF, errors.LedgerNeedsWholeScope)


@router.get("/deposits", responses=refusals(*_SIGNED, CursorInvalid))
async def list_deposits(
    *,
    session: Session,
    actor: SignedIn,
    status: Annotated[DepositStatus | None, Query()] = None,
    reference_id: Annotated[UUID | None, Query(description="The registration.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DepositPage:
    """One's own deposits; for finance all of their region, each such read logged. The newest first."""
    return await queries.list_deposits(
        session, actor=actor, status=status, reference_id=reference_id, cursor=cursor, limit=limit
    )


@router.get("/deposits/{id}", responses=refusals(*_SIGNED, errors.DepositNotFound))
async def read_deposit(
    deposit_id: DepositId, actor: SignedIn, session: Session, response: Response
) -> DepositOut:
    """One deposit: one's own, or, for finance, one of their region."""
    told, version = await queries.read_deposit(session, actor=actor, deposit_id=deposit_id)
    etag(response, version)
    return told


@router.get("/bank-arrivals", responses=refusals(*_STAFF, CursorInvalid))
async def list_bank_arrivals(
    session: Session,
    actor: LedgerReader,
    status: Annotated[ArrivalStatus | None, Query(description="`exception` is the worklist.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ArrivalPage:
    """Arrivals, the newest first."""
    return await queries.list_arrivals(session, actor=actor, status=status, cursor=cursor, limit=limit)


@router.get("/bank-arrivals/{id}", responses=refusals(*_STAFF, errors.ArrivalNotFound))
async def read_bank_arrival(
    arrival_id: ArrivalId, actor: LedgerReader, session: Session, response: Response
) -> ArrivalOut:
    """One arrival."""
    return await _arrival(session, actor, arrival_id, response)


@router.post(
    "/bank-arrivals",
    status_code=201,
    dependencies=[IdempotencyRequired],
    responses=refusals(*_MONEY, errors.ArrivalKnown, errors.ArrivalInFuture),
)
async def enter_bank_arrival(
    body: ArrivalIn, actor: Enterer, session: Session, clock: ClockDep, response: Response
) -> ArrivalOut:
    """Enter a line of the bank's statement. Money moves when another person confirms it."""
    arrival = await actions.enter_arrival(
        session,
        clock,
        actor=actor,
        bank_reference=body.bank_reference,
        payer_name=body.payer_name,
        amount_minor=fen(body.amount),
        posted_at=body.posted_at,
        remittance_note=body.remittance_note,
    )
    response.headers["Location"] = f"/v1/bank-arrivals/{arrival.id}"
    return await _arrival(session, actor, arrival.id, response)


@router.post(
    "/bank-arrivals/{id}/confirmation",
    dependencies=[IdempotencyRequired],
    responses=refusals(*_DECIDED, errors.ArrivalNotFound, errors.SecondPersonNeeded),
)
async def confirm_bank_arrival(
    *,
    arrival_id: ArrivalId,
    actor: Confirmer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ArrivalOut:
    """Confirm as the second person: the deposit is held, or the arrival goes to the worklist with its reason."""
    await actions.confirm_arrival(session, clock, actor=actor, arrival_id=arrival_id, version=version)
    return await _arrival(session, actor, arrival_id, response)


@router.post(
    "/bank-arrivals/{id}/refusal",
    dependencies=[IdempotencyRequired],
    responses=refusals(*_DECIDED, errors.ArrivalNotFound, errors.SecondPersonNeeded),
)
async def refuse_bank_arrival(
    *,
    arrival_id: ArrivalId,
    body: BankReasonIn,
    actor: Confirmer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ArrivalOut:
    """Say as the second person that the statement has no such line; what was posted for it is reversed."""
    await actions.refuse_arrival(
        session, clock, actor=actor, arrival_id=arrival_id, version=version, reason=body.reason
    )
    return await _arrival(session, actor, arrival_id, response)


@router.post(
    "/bank-arrivals/{id}/return",
    dependencies=[IdempotencyRequired],
    responses=refusals(*_DECIDED, errors.ArrivalNotFound, errors.SecondPersonNeeded),
)
async def return_bank_arrival(
    *,
    arrival_id: ArrivalId,
    body: BankReasonIn,
    actor: Confirmer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ArrivalOut:
    """Decide as the second person that a worklist arrival goes back to its sender."""
    await actions.return_arrival(
        session, clock, actor=actor, arrival_id=arrival_id, version=version, reason=body.reason
    )
    return await _arrival(session, actor, arrival_id, response)


@router.get("/refunds", responses=refusals(*_SIGNED, CursorInvalid))
async def list_refunds(
    session: Session,
    actor: SignedIn,
    status: Annotated[RefundStatus | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RefundPage:
    """One's own refunds; for finance all of their region. The newest first."""
    return await queries.list_refunds(session, actor=actor, status=status, cursor=cursor, limit=limit)


@router.get("/refunds/{id}", responses=refusals(*_SIGNED, errors.RefundNotFound))
async def read_refund(
    refund_id: RefundId, actor: SignedIn, session: Session, response: Response
) -> RefundOut:
    """One refund."""
    return await _refund(session, actor, refund_id, response)


@router.post(
    "/refunds/{id}/order",
    dependencies=[IdempotencyRequired],
    responses=refusals(*_DECIDED, errors.RefundNotFound, errors.RefundKnown),
)
async def order_refund(
    *,
    refund_id: RefundId,
    body: RefundOrderIn,
    actor: RefundOrderer,
    version: IfMatch,
    session: Session,
    response: Response,
) -> RefundOut:
    """Note that the refund was ordered from the bank. Another person confirms that it was sent."""
    await actions.order_refund(
        session, actor=actor, refund_id=refund_id, version=version, bank_reference=body.bank_reference
    )
    return await _refund(session, actor, refund_id, response)


@router.post(
    "/refunds/{id}/recall",
    dependencies=[IdempotencyRequired],
    responses=refusals(*_DECIDED, errors.RefundNotFound),
)
async def recall_refund(
    refund_id: RefundId, actor: RefundOrderer, version: IfMatch, session: Session, response: Response
) -> RefundOut:
    """Take back an order that the bank did not carry out."""
    await actions.recall_refund(session, actor=actor, refund_id=refund_id, version=version)
    return await _refund(session, actor, refund_id, response)


@router.post(
    "/refunds/{id}/confirmation",
    dependencies=[IdempotencyRequired],
    responses=refusals(*_DECIDED, errors.RefundNotFound, errors.SecondPersonNeeded, errors.AccountOverdrawn),
)
async def confirm_refund(
    *,
    refund_id: RefundId,
    actor: RefundConfirmer,
    version: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> RefundOut:
    """Confirm as the second person that the bank has sent the refund; the ledger moves now."""
    await actions.confirm_refund(session, clock, actor=actor, refund_id=refund_id, version=version)
    return await _refund(session, actor, refund_id, response)


@router.get("/ledger/trial-balance", responses=refusals(*_LEDGER))
async def read_trial_balance(actor: LedgerReader, session: Session, clock: ClockDep) -> TrialBalanceOut:
    """The whole ledger by kind of account; debits and credits are equal."""
    return await queries.read_trial_balance(session, clock, actor=actor)


@router.get("/ledger/accounts", responses=refusals(*_LEDGER, CursorInvalid))
async def list_ledger_accounts(
    session: Session,
    actor: LedgerReader,
    kind: Annotated[AccountKind | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AccountPage:
    """The accounts with their balances."""
    return await queries.list_accounts(session, actor=actor, kind=kind, cursor=cursor, limit=limit)


@router.get(
    "/ledger/accounts/{id}/postings", responses=refusals(*_LEDGER, errors.AccountNotFound, CursorInvalid)
)
async def read_ledger_statement(
    account_id: AccountId,
    session: Session,
    actor: LedgerReader,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PostingPage:
    """An account's statement: every posting in order, with the balance after it."""
    return await queries.read_statement(
        session, actor=actor, account_id=account_id, cursor=cursor, limit=limit
    )


async def _arrival(session: Session, actor: Actor, arrival_id: UUID, response: Response) -> ArrivalOut:
    told, version = await queries.read_arrival(session, actor=actor, arrival_id=arrival_id)
    etag(response, version)
    return told


async def _refund(session: Session, actor: Actor, refund_id: UUID, response: Response) -> RefundOut:
    told, version = await queries.read_refund(session, actor=actor, refund_id=refund_id)
    etag(response, version)
    return told
