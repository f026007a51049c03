"""Corrections and supplements: proposed by one person, decided by another."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent
from app.kit.errors import NotFound
from app.notices import actions, errors, queries
from app.notices.edge import (
    LISTED,
    MOVED,
    PINNED,
    SIGNED,
    UNSAFE,
    Confirmer,
    Cursor,
    Limit,
    MendId,
    NoticeId,
    Publisher,
    Sighted,
)
from app.notices.schemas import MendIn, MendOut, MendPage, MendRefusalIn
from app.notices.states import MendKind, MendStatus

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["notices"])


async def _answer(session: Session, response: Response, mend_id: UUID, actor: Actor) -> MendOut:
    await session.flush()
    told = await queries.mend(session, actor=actor, mend_id=mend_id)
    etag(response, told.version)
    return told


@router.post(
    "/notices/{id}/mends",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE,
        *PINNED,
        errors.MendTooLate,
        errors.MendWaiting,
        errors.MendFieldUnknown,
        errors.MendPriceNeverCorrection,
        errors.MendClassUnfit,
        errors.MendOtherRight,
        errors.MendPaperMissing,
        errors.MendChangesNothing,
        errors.MendNeedsNewNotice,
        errors.SupplementSellerCaused,
        errors.SupplementTooShort,
    ),
)
async def propose_mend(
    *,
    notice_id: NoticeId,
    body: MendIn,
    expected: IfMatch,
    actor: Publisher,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> MendOut:
    """Propose a correction or a supplement. Nothing changes until another person has confirmed it."""
    if body.kind is MendKind.CHANGE:
        raise errors.MendNeedsNewNotice(field="/body/kind")
    told: dict[str, Any] = {
        "actor": actor,
        "notice_id": notice_id,
        "expected": expected,
        "fields": body.fields,
        "reason": body.reason,
    }
    if body.kind is MendKind.CORRECTION:
        row = await actions.correct(session, clock, **told, document_no=body.document_no)
    else:
        row = await actions.supplement(
            session, clock, **told, days=body.days, caused_by_seller=body.caused_by_seller
        )
    response.headers["Location"] = f"/v1/notice-mends/{row.id}"
    return await _answer(session, response, row.id, actor)


@router.get("/notice-mends", responses=refusals(*LISTED))
async def list_mends(
    *,
    actor: Sighted,
    session: Session,
    notice_id: UUID | None = None,
    status: MendStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> MendPage:
    """Mends of one's own notices, or of the region's for the market's staff: what waits for a second person, too."""
    return await queries.mends(
        session, actor=actor, notice_id=notice_id, status=status, cursor=cursor, limit=limit
    )


@router.get("/notice-mends/{id}", responses=refusals(*SIGNED, NotFound))
async def read_mend(mend_id: MendId, actor: Sighted, session: Session, response: Response) -> MendOut:
    """One mend, with its difference."""
    return await _answer(session, response, mend_id, actor)


@router.post(
    "/notice-mends/{id}/confirmation",
    dependencies=[Idempotent],
    responses=refusals(*MOVED, errors.MendSamePerson, errors.MendTooLate),
)
async def confirm_mend(
    *,
    mend_id: MendId,
    expected: IfMatch,
    actor: Confirmer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> MendOut:
    """Confirm another person's proposal. It stands in the notice at once, with its difference."""
    await actions.confirm_mend(session, clock, actor=actor, mend_id=mend_id, expected=expected)
    return await _answer(session, response, mend_id, actor)


@router.post(
    "/notice-mends/{id}/refusal",
    dependencies=[Idempotent],
    responses=refusals(*MOVED, errors.MendSamePerson),
)
async def refuse_mend(
    *,
    mend_id: MendId,
    body: MendRefusalIn,
    expected: IfMatch,
    actor: Confirmer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> MendOut:
    """Refuse another person's proposal, with the reason."""
    await actions.refuse_mend(
        session, clock, actor=actor, mend_id=mend_id, expected=expected, reason=body.reason
    )
    return await _answer(session, response, mend_id, actor)
