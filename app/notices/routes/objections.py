"""Objections: filed by a named party, handled by others, reviewed once."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.files.errors import FileGone, FileInUse
from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, SignedIn
from app.kit.errors import Busy, NotFound
from app.notices import actions, errors, queries
from app.notices.edge import (
    FILED,
    LISTED,
    MOVED,
    SIGNED,
    Cursor,
    Filer,
    Handler,
    Limit,
    NoticeId,
    ObjectionId,
    Objector,
    Reviewer,
)
from app.notices.schemas import (
    FindingsIn,
    ObjectionDecisionIn,
    ObjectionIn,
    ObjectionOut,
    ObjectionPage,
    ReviewDecisionIn,
    ReviewRequestIn,
)
from app.notices.states import ObjectionStatus

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["objections"])

_HANDLED = (*MOVED, errors.ObjectionHandlerConcerned)


async def _answer(session: Session, response: Response, objection_id: UUID, actor: Actor) -> ObjectionOut:
    await session.flush()
    told = await queries.objection(session, actor=actor, objection_id=objection_id)
    etag(response, told.version)
    return told


@router.post(
    "/notices/{id}/objections",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        *FILED,
        Busy,
        errors.ObjectionOutsidePeriod,
        errors.ObjectionFilerIsOwner,
        errors.ObjectionEvidenceMissing,
        errors.ObjectionExists,
        FileGone,
        FileInUse,
    ),
)
async def file_objection(
    *,
    notice_id: NoticeId,
    body: ObjectionIn,
    actor: Filer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ObjectionOut:
    """Object to a notice within its period, in one's own name and with evidence."""
    row = await actions.file_objection(
        session, clock, actor=actor, notice_id=notice_id, **{n: getattr(body, n) for n in _ASKED}
    )
    response.headers["Location"] = f"/v1/objections/{row.id}"
    return await _answer(session, response, row.id, actor)


_ASKED = tuple(ObjectionIn.model_fields)


@router.get("/objections", responses=refusals(*LISTED))
async def list_objections(
    *,
    actor: SignedIn,
    session: Session,
    notice_id: UUID | None = None,
    status: ObjectionStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> ObjectionPage:
    """One's own objections, those to one's own notices, or those of the region for the market's staff and overseers."""
    return await queries.list_objections(
        session, actor=actor, notice_id=notice_id, status=status, cursor=cursor, limit=limit
    )


@router.get("/objections/{id}", responses=refusals(*SIGNED, NotFound))
async def read_objection(
    objection_id: ObjectionId, actor: SignedIn, session: Session, response: Response
) -> ObjectionOut:
    """One objection, whole."""
    return await _answer(session, response, objection_id, actor)


@router.post("/objections/{id}/acceptance", dependencies=[Idempotent], responses=refusals(*_HANDLED))
async def accept_objection(
    *,
    objection_id: ObjectionId,
    expected: IfMatch,
    actor: Handler,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ObjectionOut:
    """Accept it. The notice's clock stands still from now on, and whatever rests on it."""
    await actions.accept(session, clock, actor=actor, objection_id=objection_id, expected=expected)
    return await _answer(session, response, objection_id, actor)


@router.post("/objections/{id}/rejection", dependencies=[Idempotent], responses=refusals(*_HANDLED))
async def reject_objection(
    *,
    objection_id: ObjectionId,
    body: FindingsIn,
    expected: IfMatch,
    actor: Handler,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ObjectionOut:
    """Reject it for its form, with the reason."""
    await actions.reject(
        session, clock, actor=actor, objection_id=objection_id, expected=expected, findings=body.findings
    )
    return await _answer(session, response, objection_id, actor)


@router.post("/objections/{id}/investigation", dependencies=[Idempotent], responses=refusals(*_HANDLED))
async def investigate_objection(
    *,
    objection_id: ObjectionId,
    expected: IfMatch,
    actor: Handler,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ObjectionOut:
    """Begin the investigation."""
    await actions.investigate(session, clock, actor=actor, objection_id=objection_id, expected=expected)
    return await _answer(session, response, objection_id, actor)


@router.post(
    "/objections/{id}/extension",
    dependencies=[Idempotent],
    responses=refusals(*_HANDLED, errors.ObjectionStage, errors.ObjectionExtendedAlready),
)
async def extend_objection(
    *,
    objection_id: ObjectionId,
    expected: IfMatch,
    actor: Handler,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ObjectionOut:
    """Extend the time for the decision, once."""
    await actions.extend(session, clock, actor=actor, objection_id=objection_id, expected=expected)
    return await _answer(session, response, objection_id, actor)


@router.post(
    "/objections/{id}/decision",
    dependencies=[Idempotent],
    responses=refusals(*_HANDLED, errors.ObjectionEffectMissing),
)
async def decide_objection(
    *,
    objection_id: ObjectionId,
    body: ObjectionDecisionIn,
    expected: IfMatch,
    actor: Handler,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ObjectionOut:
    """Decide it. Dismissed, the clock goes on with what was left; upheld, the matter ends or goes back."""
    await actions.decide(
        session,
        clock,
        actor=actor,
        objection_id=objection_id,
        expected=expected,
        upheld=body.upheld,
        effect=body.effect,
        findings=body.findings,
        document_no=body.document_no,
    )
    return await _answer(session, response, objection_id, actor)


@router.post("/objections/{id}/withdrawal", dependencies=[Idempotent], responses=refusals(*MOVED))
async def withdraw_objection(
    *,
    objection_id: ObjectionId,
    expected: IfMatch,
    actor: Objector,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ObjectionOut:
    """Take one's own objection back."""
    await actions.withdraw(session, clock, actor=actor, objection_id=objection_id, expected=expected)
    return await _answer(session, response, objection_id, actor)


@router.post(
    "/objections/{id}/review-request",
    dependencies=[Idempotent],
    responses=refusals(*MOVED, errors.ObjectionStage, errors.ReviewUsed, errors.ReviewTooLate),
)
async def request_objection_review(
    *,
    objection_id: ObjectionId,
    body: ReviewRequestIn,
    expected: IfMatch,
    actor: Objector,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ObjectionOut:
    """Ask for the one review: whoever filed it, or whose notice it is."""
    await actions.request_review(
        session, clock, actor=actor, objection_id=objection_id, expected=expected, reason=body.reason
    )
    return await _answer(session, response, objection_id, actor)


@router.post(
    "/objections/{id}/review",
    dependencies=[Idempotent],
    responses=refusals(*_HANDLED, errors.ObjectionEffectMissing),
)
async def decide_objection_review(
    *,
    objection_id: ObjectionId,
    body: ReviewDecisionIn,
    expected: IfMatch,
    actor: Reviewer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> ObjectionOut:
    """Decide the review. That is the end of it."""
    await actions.decide_review(
        session,
        clock,
        actor=actor,
        objection_id=objection_id,
        expected=expected,
        outcome=body.outcome,
        effect=body.effect,
        findings=body.findings,
        document_no=body.document_no,
    )
    return await _answer(session, response, objection_id, actor)
