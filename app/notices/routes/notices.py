"""Notices at their permanent addresses, where they appear, and who watches them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.files.errors import FileGone, FileInUse
from app.http.etags import IfMatch, etag
from app.http.problems import InputInvalid, refusals
from app.http.session import ClockDep, Session, TransactionalRoute
from app.identity.access import Actor, Idempotent, OptionalActor, SignedIn
from app.kit.paging import CursorInvalid
from app.kit.schemas import RegionCode
from app.notices import actions, errors, queries
from app.notices.edge import MOVED, PINNED, UNSAFE, VISITED, Confirmer, Cursor, Limit, NoticeId, Publisher
from app.notices.rules.fields import FIELDS, FieldClass
from app.notices.schemas import (
    NoticeFieldOut,
    NoticeFieldsOut,
    NoticeOut,
    NoticePage,
    PlaceIn,
    RevisionPage,
    RevocationIn,
)
from app.notices.states import NoticeKind, NoticeStatus

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["notices"])


async def _answer(session: Session, response: Response, notice_id: UUID, actor: Actor | None) -> NoticeOut:
    await session.flush()
    told = await queries.notice(session, actor=actor, notice_id=notice_id)
    etag(response, told.version)
    return told


@router.get("/notices", responses=refusals(InputInvalid, CursorInvalid))
async def list_notices(
    *,
    session: Session,
    kind: NoticeKind | None = None,
    status: NoticeStatus | None = None,
    owner_party_id: UUID | None = None,
    about_id: Annotated[UUID | None, Query(description="What they are about.")] = None,
    region: Annotated[RegionCode | None, Query(description="A region's subtree.")] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> NoticePage:
    """All notices of the market, the latest first."""
    return await queries.list_notices(
        session,
        kind=kind,
        status=status,
        owner_party_id=owner_party_id,
        about_id=about_id,
        region=region,
        cursor=cursor,
        limit=limit,
    )


@router.get("/notice-fields")
async def list_notice_fields() -> NoticeFieldsOut:
    """Which field of a notice is mended in which way: 更正, 补充 or 变更. A price is never anything but a change."""
    return NoticeFieldsOut(
        data=[
            NoticeFieldOut(
                name=name,
                title_zh=field.title_zh,
                title_en=field.title_en,
                mended_by=field.mended_by,
                is_price=field.of is FieldClass.PRICE,
            )
            for name, field in FIELDS.items()
        ]
    )


@router.get("/notices/{id}", responses=refusals(*VISITED))
async def read_notice(
    notice_id: NoticeId, actor: OptionalActor, session: Session, response: Response
) -> NoticeOut:
    """A notice at its permanent address: what it says now, its clock, its pauses, what was decided about it."""
    response.headers["Cache-Control"] = "no-store"
    return await _answer(session, response, notice_id, actor)


@router.get("/notices/{id}/revisions", responses=refusals(*VISITED))
async def list_notice_revisions(notice_id: NoticeId, session: Session, response: Response) -> RevisionPage:
    """Every mend of a notice with its difference, the first one first."""
    response.headers["Cache-Control"] = "no-store"
    await queries.notice(session, actor=None, notice_id=notice_id)
    found = await queries.revisions(session, notice_id)
    return RevisionPage(data=found, next_cursor=None, has_more=False)


@router.post(
    "/notices/{id}/places",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE,
        *PINNED,
        errors.NoticeNotRunning,
        errors.PlaceMissing,
        errors.PlaceTimeUnfit,
        errors.PlaceEvidenceMissing,
        FileGone,
        FileInUse,
    ),
)
async def attest_notice_place(
    *,
    notice_id: NoticeId,
    body: PlaceIn,
    expected: IfMatch,
    actor: Publisher,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> NoticeOut:
    """Attest that another place shows the notice. The last one starts its clock."""
    await actions.attest_place(
        session,
        clock,
        actor=actor,
        notice_id=notice_id,
        expected=expected,
        place=body.place,
        url=body.url,
        published_at=body.published_at,
        evidence_file_id=body.evidence_file_id,
    )
    return await _answer(session, response, notice_id, actor)


@router.post(
    "/notices/{id}/revocation", dependencies=[Idempotent], responses=refusals(*MOVED, errors.NoticeOfSale)
)
async def revoke_notice(
    *,
    notice_id: NoticeId,
    body: RevocationIn,
    expected: IfMatch,
    actor: Confirmer,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> NoticeOut:
    """Take a notice back. Whatever rests on it ends with it."""
    await actions.revoke(
        session,
        clock,
        notice_id=notice_id,
        reason_class=body.reason_class,
        note=body.note,
        by=actor,
        expected=expected,
    )
    return await _answer(session, response, notice_id, actor)


@router.put("/notices/{id}/watch", dependencies=[Idempotent], responses=refusals(*UNSAFE))
async def watch_notice(
    notice_id: NoticeId, actor: SignedIn, session: Session, clock: ClockDep, response: Response
) -> NoticeOut:
    """Find the notice's mends and its end in one's organisation's stream."""
    await actions.watch(session, clock, actor=actor, notice_id=notice_id)
    return await _answer(session, response, notice_id, actor)


@router.delete("/notices/{id}/watch", dependencies=[Idempotent], responses=refusals(*UNSAFE))
async def unwatch_notice(
    notice_id: NoticeId, actor: SignedIn, session: Session, response: Response
) -> NoticeOut:
    """Be told of it no more."""
    await actions.unwatch(session, actor=actor, notice_id=notice_id)
    return await _answer(session, response, notice_id, actor)
