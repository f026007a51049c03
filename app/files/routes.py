"""Files over HTTP. A file is the request's body, as it is; it is answered as an attachment, never shown in a page."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.files import actions, errors, queries
from app.files.queries import FileFact
from app.files.schemas import FileOut, FileQuery, FileReadPage
from app.files.states import MediaType, ReadWay
from app.files.store import look
from app.http.etags import etag
from app.http.idempotency import IdempotencyKeyReused
from app.http.middleware import BodyTooLarge
from app.http.problems import InputInvalid, refusals
from app.http.session import ClockDep, Session, TransactionalRoute, database
from app.http.uploads import FILE_BODY, UploadCutOff, UploadEmpty, receive
from app.identity.access import Actor, Idempotent, OptionalActor, SignedIn, caller, require
from app.identity.errors import CredentialInvalid, CsrfTokenInvalid, PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import NotFound, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid

_check_caller = require(Permission.FILE_KEEP)
Keeper = Annotated[Actor, Depends(_check_caller)]
FileId = Annotated[UUID, InPath(alias="id", description="The file.")]
_SIGNED = (Unauthenticated, CredentialInvalid, PermissionMissing, InputInvalid)
_UNSAFE = (*_SIGNED, CsrfTokenInvalid, IdempotencyKeyReused)

CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bytes, as an attachment.",
        "content": {str(kind): {"schema": {"type": "string", "format": "binary"}} for kind in MediaType},
    }
}
"""What a route that gives out a file answers."""


class UploadRoute(TransactionalRoute):
    """Takes the body into the store first, from callers who may keep files, and deletes it again unless it was kept."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the transactional handler."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            async with database(request).transaction() as session:
                await _check_caller(await caller(request, session))
                store = actions.store_of(session)
            key, kept = store.new_key(), False
            try:
                received = await receive(request, store.incoming(key))
                kind = await asyncio.to_thread(look, received.path)
                request.state.upload = actions.Upload(key, received.size, received.digest, kind)
                request.state.body_digest = received.digest
                response = await handler(request)
                kept = response.status_code == 201
                return response
            finally:
                # Whether a commit that was begun has happened is not known here: its bytes are left where they are.
                if not kept and not getattr(request.state, "committing", False):
                    await asyncio.to_thread(store.delete, key)
                await asyncio.to_thread(store.incoming(key).unlink, missing_ok=True)

        return handle


router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["files"])
uploads = APIRouter(prefix="/v1", route_class=UploadRoute, tags=["files"])


@uploads.post(
    "/files",
    status_code=201,
    dependencies=[Idempotent],
    openapi_extra=FILE_BODY,
    responses=refusals(
        *_UNSAFE,
        BodyTooLarge,
        UploadEmpty,
        UploadCutOff,
        errors.MediaTypeRefused,
        errors.ArchiveRefused,
        errors.FileNeedsPages,
        errors.FilesUnusedTooMany,
    ),
)
async def keep_file(
    asked: Annotated[FileQuery, Query()],
    request: Request,
    actor: Keeper,
    session: Session,
    clock: ClockDep,
    response: Response,
) -> FileOut:
    """Keep a file for your organisation; the body is the file itself. What it is for names it afterwards by its id."""
    row = await actions.keep(
        session,
        clock,
        actor=actor,
        file_class=asked.file_class,
        upload=request.state.upload,
        name=asked.name,
    )
    response.headers["Location"] = f"/v1/files/{row.id}"
    etag(response, row.version)
    return queries.out(row)


@router.get("/files/{id}", responses=refusals(CredentialInvalid, NotFound))
async def read_file(file_id: FileId, actor: OptionalActor, session: Session, response: Response) -> FileOut:
    """What a file is: name, type, size, digest; and its tombstone, if its bytes are gone."""
    row = await queries.visible(session, actor, file_id)
    etag(response, row.version)
    return queries.out(row)


@router.delete(
    "/files/{id}",
    dependencies=[Idempotent],
    responses=refusals(*_UNSAFE, NotFound, errors.FileGone, errors.FileInUse),
)
async def delete_file(file_id: FileId, actor: Keeper, session: Session, clock: ClockDep) -> FileOut:
    """Delete a file of your organisation that nothing uses."""
    return queries.out(await actions.destroy(session, clock, actor=actor, file_id=file_id))


@router.get("/files/{id}/reads", responses=refusals(*_SIGNED, NotFound, CursorInvalid))
async def list_file_reads(
    *,
    file_id: FileId,
    actor: SignedIn,
    session: Session,
    cursor: Annotated[
        str | None, Query(max_length=1_000, description="`next_cursor` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Entries of a page.")] = 50,
) -> FileReadPage:
    """Who was given the file, the latest first: for its owner and for overseers."""
    return await queries.reads(session, actor, file_id, cursor=cursor, limit=limit)


@router.get(
    "/files/{id}/content",
    response_class=Response,
    responses={**CONTENT, **refusals(CredentialInvalid, NotFound, errors.FileGone, errors.FileDamaged)},
)
async def download_file(file_id: FileId, actor: OptionalActor, session: Session) -> Response:
    """The file itself. That you were given it is recorded."""
    fact = await queries.readable(session, actor, file_id)
    data = await read_blob(session, fact)
    await actions.note_read(session, file_id=file_id, actor=actor, way=ReadWay.DOWNLOAD)
    return attachment(data, fact.name, fact.media_type)


async def read_blob(session: AsyncSession, fact: FileFact) -> bytes:
    """A kept file's bytes, compared with its digest. Raises `FileDamaged`."""
    assert fact.store_key is not None
    return await asyncio.to_thread(actions.store_of(session).read, fact.store_key, fact.sha256)


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """An answer that browsers save and never show, and that nobody on the way keeps."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "sandbox",
    }
    return Response(data, media_type=media_type, headers=headers)
