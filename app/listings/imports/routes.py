"""Paths of imports. The file is the request's body, as it is; it goes to disk before any transaction begins."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import anyio
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse

from app.http.idempotency import IdempotencyKeyReused
from app.http.middleware import BodyTooLarge
from app.http.problems import InputInvalid, refusals
from app.http.session import Session, TransactionalRoute, database
from app.http.uploads import FILE_BODY, UploadCutOff, UploadEmpty, receive
from app.identity.access import Actor, Idempotent, caller, require
from app.identity.errors import CredentialInvalid, CsrfTokenInvalid, PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import NotFound, Unauthenticated
from app.kit.ids import new_id
from app.kit.paging import CursorInvalid
from app.kit.schemas import Page
from app.listings.errors import BehalfNotAllowed
from app.listings.imports import actions, errors, queries, report
from app.listings.imports.schemas import ImportQuery, MappingIn, MappingListQuery, MappingOut, OperationOut

_check_caller = require(Permission.IMPORT_RUN)
Importer = Annotated[Actor, Depends(_check_caller)]
_SIGNED = (Unauthenticated, CredentialInvalid, PermissionMissing, InputInvalid)
_UNSAFE = (*_SIGNED, CsrfTokenInvalid, IdempotencyKeyReused)


class UploadRoute(TransactionalRoute):
    """Takes the body to disk first, from callers who may import, and deletes it again unless it was accepted."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the transactional handler."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            async with database(request).transaction() as session:
                await _check_caller(await caller(request, session))
            directory = anyio.Path(request.app.state.settings.import_directory)
            path, accepted = directory / f"{new_id().hex}.part", False
            try:
                received = await receive(request, Path(path))
                request.state.upload = actions.Upload(path.name, received.size, received.digest)
                request.state.body_digest = received.digest
                response = await handler(request)
                accepted = response.status_code == 202 and "idempotency-replayed" not in response.headers
                return response
            finally:
                if not accepted:
                    await path.unlink(missing_ok=True)

        return handle


router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["imports"])

OperationId = Annotated[UUID, InPath(alias="id", description="The operation.")]
uploads = APIRouter(prefix="/v1", route_class=UploadRoute, tags=["imports"])


@uploads.post(
    "/imports",
    status_code=202,
    dependencies=[Idempotent],
    openapi_extra=FILE_BODY,
    responses=refusals(
        *_UNSAFE,
        NotFound,
        BodyTooLarge,
        BehalfNotAllowed,
        UploadEmpty,
        UploadCutOff,
        errors.UnfinishedImportsTooMany,
    ),
)
async def start_import(
    asked: Annotated[ImportQuery, Query()],
    request: Request,
    actor: Importer,
    session: Session,
    response: Response,
) -> OperationOut:
    """Import achievements as drafts from CSV, JSONL (both plain or gzip) or XLSX; the body is the file itself."""
    row = await actions.queue_import(session, actor=actor, asked=asked, upload=request.state.upload)
    response.headers["Location"] = f"/v1/operations/{row.id}"
    return queries.operation_out(row)


@router.get("/operations/{id}", responses=refusals(*_SIGNED, NotFound))
async def get_operation(operation_id: OperationId, actor: Importer, session: Session) -> OperationOut:
    """How far an import is, and how it ended."""
    return await queries.operation(session, operation_id, actor)


@router.get(
    "/operations/{id}/report",
    response_class=StreamingResponse,
    responses=refusals(*_SIGNED, NotFound, errors.ReportNotReady)
    | {
        200: {
            "content": {"text/csv": {}, "application/jsonl": {}},
            "description": "One line for each finding.",
        }
    },
)
async def get_operation_report(
    operation_id: OperationId,
    actor: Importer,
    session: Session,
    request: Request,
    format: Annotated[Literal["csv", "jsonl"], Query()] = "csv",
) -> StreamingResponse:
    """Every row that was refused, or not changed because it is beyond draft: its number, field, rule and reason."""
    await queries.report_ready(session, operation_id, actor)
    told = report.csv_report if format == "csv" else report.jsonl_report
    return StreamingResponse(
        told(database(request), operation_id),
        media_type="text/csv; charset=utf-8" if format == "csv" else "application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="import-{operation_id}.{format}"'},
    )


@router.post("/import-mappings", status_code=201, dependencies=[Idempotent], responses=refusals(*_UNSAFE))
async def post_import_mapping(body: MappingIn, actor: Importer, session: Session) -> MappingOut:
    """Keep a mapping of columns to fields, to be named by imports."""
    return MappingOut.model_validate(await actions.store_mapping(session, actor=actor, told=body))


@router.get("/import-mappings", responses=refusals(*_SIGNED, CursorInvalid))
async def list_import_mappings(
    asked: Annotated[MappingListQuery, Query()], actor: Importer, session: Session
) -> Page[MappingOut]:
    """The mappings that your organisation keeps."""
    return await queries.mappings(session, actor, cursor=asked.cursor, limit=asked.limit)
