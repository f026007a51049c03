"""What the routes of this room share: who may call, how lists are asked for, what any call may refuse."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query

from app.http.etags import EtagMalformed, PreconditionRequired
from app.http.idempotency import IdempotencyKeyReused
from app.http.problems import InputInvalid
from app.identity.access import Actor, SignedIn, require
from app.identity.errors import CredentialInvalid, CsrfTokenInvalid, PartyNotReviewed, PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import NotFound, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.kit.states import IllegalTransition

Publisher = Annotated[Actor, Depends(require(Permission.NOTICE_MANAGE))]
Confirmer = Annotated[Actor, Depends(require(Permission.NOTICE_CONFIRM))]


async def _mender(actor: SignedIn) -> Actor:
    """Whoever proposes mends or decides on them."""
    if not (actor.may(Permission.NOTICE_MANAGE) or actor.may(Permission.NOTICE_CONFIRM)):
        raise PermissionMissing(permission=str(Permission.NOTICE_MANAGE))
    return actor


Sighted = Annotated[Actor, Depends(_mender)]
Objector = Annotated[Actor, Depends(require(Permission.OBJECTION_FILE))]
Filer = Annotated[Actor, Depends(require(Permission.OBJECTION_FILE, reviewed=True))]
Handler = Annotated[Actor, Depends(require(Permission.OBJECTION_HANDLE))]
Reviewer = Annotated[Actor, Depends(require(Permission.OBJECTION_REVIEW))]

NoticeId = Annotated[UUID, Path(alias="id", description="The notice.")]
MendId = Annotated[UUID, Path(alias="id", description="The mend.")]
ObjectionId = Annotated[UUID, Path(alias="id", description="The objection.")]

Cursor = Annotated[str | None, Query(max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]

VISITED = (NotFound, InputInvalid)
SIGNED = (Unauthenticated, CredentialInvalid, PermissionMissing, InputInvalid)
UNSAFE = (*SIGNED, NotFound, CsrfTokenInvalid, IdempotencyKeyReused)
PINNED = (Stale, PreconditionRequired, EtagMalformed)
MOVED = (*UNSAFE, *PINNED, IllegalTransition)
LISTED = (*SIGNED, CursorInvalid)
FILED = (*UNSAFE, PartyNotReviewed)
