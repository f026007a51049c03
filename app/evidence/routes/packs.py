"""Evidence packs over HTTP."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from app.db.clock import Clock
from app.evidence import errors
from app.evidence.actions.packs import Pack, order_pack, record_pack, write_pack
from app.evidence.queries.packs import gather
from app.files.actions import store_of
from app.files.errors import FileDamaged
from app.http.problems import InputInvalid, refusals
from app.http.session import QueuedRoute, database
from app.identity.access import Actor, SignedIn
from app.identity.errors import CredentialInvalid
from app.kit.errors import Again, Busy, NotFound, Unauthenticated
from app.signing.errors import SigningNotConfigured

router = APIRouter(prefix="/v1", route_class=QueuedRoute, tags=["evidence"])
TRIES = 3


@router.get(
    "/offerings/{id}/evidence-pack",
    response_class=Response,
    responses={
        200: {
            "description": "The pack, a ZIP with a signed manifest.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        },
        **refusals(
            Unauthenticated,
            CredentialInvalid,
            InputInvalid,
            NotFound,
            errors.PackTooLarge,
            Busy,
            FileDamaged,
            SigningNotConfigured,
        ),
    },
)
async def download_evidence_pack(
    request: Request,
    offering_id: Annotated[UUID, Path(alias="id", description="The offering.")],
    actor: SignedIn,
) -> Response:
    """Everything of an offering in one signed ZIP: documents, notices, objections, decisions, records; made now, for you.

    For the seller and for overseers. `python -m app verify` checks it offline; `index.html` within shows it. That it was
    made is recorded with its digest; what the law takes away later is not in later packs.
    """
    pack = await _made(request, actor, offering_id)
    return FileResponse(
        pack.path,
        media_type="application/zip",
        filename=f"{pack.number}.zip",
        headers={"Cache-Control": "private, no-store"},
        background=BackgroundTask(pack.path.unlink, missing_ok=True),
    )


async def _made(request: Request, actor: Actor, offering_id: UUID) -> Pack:
    """The pack, made anew while the law takes something of it away: it has the text and is recorded, or never had it."""
    for left in reversed(range(TRIES)):
        async with database(request).transaction() as session:
            found = await gather(session, Clock(), actor, offering_id)
            order = await order_pack(session, Clock(), actor=actor, found=found)
            store = store_of(session)
        try:
            pack = await asyncio.to_thread(write_pack, found, order, store)
        except FileDamaged:
            if not left:
                raise
            continue
        try:
            async with database(request).transaction() as session:
                await record_pack(session, actor=actor, found=found, order=order, pack=pack)
            return pack
        except BaseException as error:
            pack.path.unlink(missing_ok=True)
            if not isinstance(error, Again):
                raise
    raise Busy()
