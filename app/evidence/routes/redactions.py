"""Redactions of a record: asked for by one person, decided by another."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from app.auctions.queries import visible_row
from app.evidence import actions, errors, queries
from app.evidence.schemas import FileRedactionIn, RedactionIn, RedactionOut, RedactionPage, RedactionReviewIn
from app.files.repository import lock_in_region
from app.http.etags import EtagMalformed, IfMatch, PreconditionRequired, etag
from app.http.idempotency import IdempotencyKeyReused
from app.http.problems import refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, require
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Busy, NotFound, Refusal, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.kit.states import IllegalTransition
from app.notices.queries import notice

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["evidence"])

Redactor = Annotated[Actor, Depends(require(Permission.RECORD_REDACT))]

_SIGNED: tuple[type[Refusal], ...] = (
    Unauthenticated,
    PermissionMissing,
    NotFound,
    IdempotencyKeyReused,
    Busy,
)


@router.post(
    "/auctions/{id}/redactions",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*_SIGNED, errors.TextAbsent),
)
async def request_redaction(
    auction_id: Annotated[UUID, Path(alias="id", description="The auction.")],
    body: RedactionIn,
    actor: Redactor,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> RedactionOut:
    """Ask that a text be taken out of a sale's record by law. Another person decides."""
    row = await actions.request_redaction(session, clock, actor=actor, auction_id=auction_id, asked=body)
    response.headers["Location"] = f"/v1/auctions/{auction_id}/redactions"
    return await _shown(session, row.id, response)


@router.get("/auctions/{id}/redactions", responses=refusals(*_SIGNED[:3], CursorInvalid))
async def list_redactions(
    *,
    auction_id: Annotated[UUID, Path(alias="id", description="The auction.")],
    actor: Redactor,
    session: Session,
    cursor: Annotated[
        str | None, Query(max_length=1_000, description="`next_cursor` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Entries of a page.")] = 50,
) -> RedactionPage:
    """What was asked to be taken out of a sale's record, and what was decided, the latest first."""
    await visible_row(session, actor, auction_id)
    return await queries.redactions(session, auction_id=auction_id, cursor=cursor, limit=limit)


@router.post(
    "/notices/{id}/redactions",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*_SIGNED, errors.TextAbsent),
)
async def request_notice_redaction(
    notice_id: Annotated[UUID, Path(alias="id", description="The notice.")],
    body: RedactionIn,
    actor: Redactor,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> RedactionOut:
    """Ask that a part of a notice be taken away by law: what an entry of its record says in one field."""
    row = await actions.request_notice_redaction(session, clock, actor=actor, notice_id=notice_id, asked=body)
    response.headers["Location"] = f"/v1/notices/{notice_id}/redactions"
    return await _shown(session, row.id, response)


@router.get("/notices/{id}/redactions", responses=refusals(*_SIGNED[:3], CursorInvalid))
async def list_notice_redactions(
    *,
    notice_id: Annotated[UUID, Path(alias="id", description="The notice.")],
    actor: Redactor,
    session: Session,
    cursor: Annotated[
        str | None, Query(max_length=1_000, description="`next_cursor` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Entries of a page.")] = 50,
) -> RedactionPage:
    """What was asked to be taken out of a notice, and what was decided, the latest first."""
    told = await notice(session, actor=actor, notice_id=notice_id)
    if not told.region_code.startswith(actor.region_prefix):
        raise NotFound()
    return await queries.redactions(session, notice_id=notice_id, cursor=cursor, limit=limit)


@router.post(
    "/files/{id}/redactions",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*_SIGNED, errors.TextAbsent),
)
async def request_file_redaction(
    file_id: Annotated[UUID, Path(alias="id", description="The file.")],
    body: FileRedactionIn,
    actor: Redactor,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> RedactionOut:
    """Ask that a file be taken away by law, whole. Another person decides; then nobody is given its bytes any more."""
    row = await actions.request_file_redaction(session, clock, actor=actor, file_id=file_id, asked=body)
    response.headers["Location"] = f"/v1/files/{file_id}/redactions"
    return await _shown(session, row.id, response)


@router.get("/files/{id}/redactions", responses=refusals(*_SIGNED[:3], CursorInvalid))
async def list_file_redactions(
    *,
    file_id: Annotated[UUID, Path(alias="id", description="The file.")],
    actor: Redactor,
    session: Session,
    cursor: Annotated[
        str | None, Query(max_length=1_000, description="`next_cursor` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Entries of a page.")] = 50,
) -> RedactionPage:
    """What was asked and decided about taking a file away, the latest first."""
    await lock_in_region(session, file_id, actor.region_prefix)
    return await queries.redactions(session, file_id=file_id, cursor=cursor, limit=limit)


@router.post(
    "/redactions/{id}/review",
    dependencies=[Idempotent],
    responses=refusals(
        *_SIGNED, errors.RedactionBySamePerson, IllegalTransition, Stale, PreconditionRequired, EtagMalformed
    ),
)
async def review_redaction(
    *,
    redaction_id: Annotated[UUID, Path(alias="id", description="The redaction.")],
    body: RedactionReviewIn,
    actor: Redactor,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> RedactionOut:
    """Decide another person's request. Approved, the text is gone at once from pages, streams, events and the record."""
    row = await actions.review_redaction(
        session,
        clock,
        actor=actor,
        redaction_id=redaction_id,
        approved=body.approved,
        expected=expected,
    )
    return await _shown(session, row.id, response)


async def _shown(session: Session, redaction_id: UUID, response: Response) -> RedactionOut:
    told = await queries.redaction(session, redaction_id)
    etag(response, told.version)
    return told
