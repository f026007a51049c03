"""Data rooms over HTTP."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.files import actions as files
from app.files import queries as kept
from app.files.errors import FileDamaged, FileGone, FileInUse
from app.files.queries import FileFact
from app.files.routes import CONTENT, attachment, read_blob
from app.files.states import FileClass, ReadWay
from app.http.etags import IfMatch, etag
from app.http.problems import refusals
from app.http.session import ClockDep, QueuedRoute, Session, TransactionalRoute, database
from app.identity.access import Actor, Idempotent, OptionalActor
from app.identity.errors import CredentialInvalid
from app.identity.queries import party_names
from app.kit.dates import beijing
from app.kit.errors import NotFound
from app.kit.paging import CursorInvalid
from app.markets.dataroom import actions, errors, queries
from app.markets.dataroom.schemas import (
    DataRoomOut,
    NdaIn,
    NdaSignatureIn,
    QuestionAnswerIn,
    QuestionIn,
    QuestionOut,
    QuestionPage,
    RoomFileIn,
)
from app.markets.dataroom.tables import QuestionRow
from app.markets.edge import PINNED, UNSAFE, VISITED, Cursor, Drafter, Limit, OfferingId, Registrant
from app.papers import PagesUnfit, count_pages, marked

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["data room"])
contents = APIRouter(prefix="/v1", route_class=QueuedRoute, tags=["data room"])
RoomFileId = Annotated[UUID, Path(alias="id", description="The file of the data room.")]
QuestionId = Annotated[UUID, Path(alias="id", description="The question.")]
_SEEN = (CredentialInvalid, *VISITED, NotFound)


@router.get("/offerings/{id}/room", responses=refusals(*_SEEN))
async def read_data_room(offering_id: OfferingId, actor: OptionalActor, session: Session) -> DataRoomOut:
    """What of an offering's data room you may know: what is public for all, the rest for who takes part."""
    return await queries.data_room(session, actor, offering_id)


@router.post(
    "/offerings/{id}/room-files",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        *UNSAFE,
        NotFound,
        errors.DataRoomClosed,
        errors.RoomFull,
        errors.NdaMissing,
        errors.FileUnfitForMarking,
        FileGone,
        FileInUse,
        FileDamaged,
    ),
)
async def put_room_file(
    offering_id: OfferingId,
    body: RoomFileIn,
    actor: Drafter,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> DataRoomOut:
    """Put a file of yours into the data room of your own offering. One under an agreement must be markable page by page."""
    row = await kept.visible(session, actor, body.file_id)
    pages = await _pages(session, kept.there(row)) if row.file_class == FileClass.NDA else None
    made = await actions.put_file(
        session,
        clock,
        actor=actor,
        offering_id=offering_id,
        file_id=body.file_id,
        title=body.title,
        pages=pages,
    )
    response.headers["Location"] = f"/v1/room-files/{made.id}/content"
    return await queries.data_room(session, actor, offering_id)


async def _pages(session: AsyncSession, fact: FileFact) -> int:
    try:
        return await asyncio.to_thread(count_pages, await read_blob(session, fact), fact.media_type)
    except PagesUnfit:
        raise errors.FileUnfitForMarking(field="/body/file_id") from None


@router.delete(
    "/room-files/{id}",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound),
)
async def remove_room_file(
    room_file_id: RoomFileId, actor: Drafter, session: Session, clock: ClockDep
) -> DataRoomOut:
    """Take a file out of the data room of your own offering. Who was given it stays on record."""
    row = await actions.remove_file(session, clock, actor=actor, room_file_id=room_file_id)
    return await queries.data_room(session, actor, row.offering_id)


@contents.get(
    "/room-files/{id}/content",
    response_class=Response,
    responses={
        **CONTENT,
        **refusals(*_SEEN, errors.DataRoomClosed, errors.NdaUnsigned, FileGone, FileDamaged),
    },
)
async def download_room_file(room_file_id: RoomFileId, actor: OptionalActor, request: Request) -> Response:
    """The file. One under an agreement carries your name, organisation and the time over each page. It is recorded."""
    async with database(request).transaction() as session:
        row = await queries.to_read(session, actor, room_file_id)
        fact = await kept.digest(session, row.file_id)
        if fact.redacted_at is not None:
            raise FileGone()
        data = await read_blob(session, fact)
        if row.pages is None:
            await files.note_read(session, file_id=fact.id, actor=actor, way=ReadWay.DOWNLOAD)
            return attachment(data, fact.name, fact.media_type)
        assert actor is not None
        names = await party_names(session, [actor.party_id])
        lines = [f"{names[actor.party_id]} · {actor.user_name}", await _stamp(session, row.id)]
    printed = await asyncio.to_thread(marked, data, fact.media_type, row.pages, lines)
    # Printing takes time, and the sale may have ended meanwhile: what is given out is decided anew, then recorded.
    async with database(request).transaction() as session:
        await queries.to_read(session, actor, room_file_id)
        await files.note_read(session, file_id=fact.id, actor=actor, way=ReadWay.MARKED)
    return attachment(printed, f"{fact.name.rsplit('.', 1)[0]}.pdf", "application/pdf")


async def _stamp(session: AsyncSession, room_file_id: UUID) -> str:
    at = beijing(await Clock().read(session))
    return f"{at:%Y-%m-%d %H:%M:%S} · {str(room_file_id)[-12:]}"


@router.put(
    "/offerings/{id}/nda",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.DataRoomClosed),
)
async def put_nda(
    offering_id: OfferingId, body: NdaIn, actor: Drafter, session: Session, clock: ClockDep
) -> DataRoomOut:
    """Put a version of your offering's non-disclosure agreement in force. Whoever signed the one before signs anew."""
    await actions.put_nda(session, clock, actor=actor, offering_id=offering_id, text=body.text)
    return await queries.data_room(session, actor, offering_id)


@router.post(
    "/offerings/{id}/nda-signature",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.DataRoomClosed, errors.NdaMissing, errors.NdaOutdated),
)
async def sign_nda(
    offering_id: OfferingId, body: NdaSignatureIn, actor: Registrant, session: Session, clock: ClockDep
) -> DataRoomOut:
    """Sign the non-disclosure agreement in force for your organisation, which takes part in the sale."""
    await actions.sign_nda(
        session, clock, actor=actor, offering_id=offering_id, version=body.version, sha256=body.sha256
    )
    return await queries.data_room(session, actor, offering_id)


@router.post(
    "/offerings/{id}/questions",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, NotFound, errors.DataRoomClosed),
)
async def ask_question(
    offering_id: OfferingId,
    body: QuestionIn,
    actor: Registrant,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> QuestionOut:
    """Ask about an offering on the market. Nobody is told who asks; the answer is for everybody."""
    row = await actions.ask(session, clock, actor=actor, offering_id=offering_id, text=body.text)
    response.headers["Location"] = f"/v1/offerings/{offering_id}/questions"
    return _question(row, actor, response)


@router.get("/offerings/{id}/questions", responses=refusals(*_SEEN, CursorInvalid))
async def list_questions(
    *,
    offering_id: OfferingId,
    actor: OptionalActor,
    session: Session,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> QuestionPage:
    """Questions and answers about an offering, the latest first; open ones for their asker and the seller."""
    return await queries.questions(session, actor, offering_id, cursor=cursor, limit=limit)


@router.post(
    "/questions/{id}/answer",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, *PINNED, errors.DataRoomClosed),
)
async def answer_question(
    *,
    question_id: QuestionId,
    body: QuestionAnswerIn,
    actor: Drafter,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> QuestionOut:
    """Answer a question about your own offering, for everybody."""
    row = await actions.answer(
        session, clock, actor=actor, question_id=question_id, expected=expected, text=body.text
    )
    return _question(row, actor, response)


@router.post(
    "/questions/{id}/declining",
    dependencies=[Idempotent],
    responses=refusals(*UNSAFE, *PINNED, errors.DataRoomClosed),
)
async def decline_question(
    *,
    question_id: QuestionId,
    body: QuestionAnswerIn,
    actor: Drafter,
    expected: IfMatch,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> QuestionOut:
    """Decline a question about your own offering, with a reason that its asker reads."""
    row = await actions.answer(
        session, clock, actor=actor, question_id=question_id, expected=expected, text=body.text, declined=True
    )
    return _question(row, actor, response)


def _question(row: QuestionRow, actor: Actor, response: Response) -> QuestionOut:
    etag(response, row.version)
    return queries.question_out(row, actor)
