"""What the routes of this room and its paths share: who may call, how lists are asked for, what any call may refuse."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query

from app.http.etags import EtagMalformed, PreconditionRequired
from app.http.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused
from app.http.problems import InputInvalid
from app.identity.access import Actor, require
from app.identity.errors import CredentialInvalid, CsrfTokenInvalid, PartyNotReviewed, PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import NotFound, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX, CursorInvalid
from app.kit.states import IllegalTransition

Drafter = Annotated[Actor, Depends(require(Permission.OFFERING_WRITE))]
Offerer = Annotated[Actor, Depends(require(Permission.OFFERING_WRITE, reviewed=True))]
Publisher = Annotated[Actor, Depends(require(Permission.NOTICE_MANAGE, reviewed=True))]
Reviewer = Annotated[Actor, Depends(require(Permission.OFFERING_REVIEW))]
Registrant = Annotated[Actor, Depends(require(Permission.REGISTER_INTENT))]
Acceptor = Annotated[Actor, Depends(require(Permission.REGISTER_INTENT, reviewed=True))]
Clerk = Annotated[Actor, Depends(require(Permission.REGISTRATION_REVIEW))]
Negotiator = Annotated[Actor, Depends(require(Permission.NEGOTIATE))]
Dealer = Annotated[Actor, Depends(require(Permission.NEGOTIATE, reviewed=True))]

OfferingId = Annotated[UUID, Path(alias="id", description="The offering.")]
AwardId = Annotated[UUID, Path(alias="id", description="The award.")]
RegistrationId = Annotated[UUID, Path(alias="id", description="The registration.")]
NegotiationId = Annotated[UUID, Path(alias="id", description="The negotiation.")]

Cursor = Annotated[str | None, Query(max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]

VISITED = (InputInvalid,)
SIGNED = (Unauthenticated, CredentialInvalid, PermissionMissing, InputInvalid)
UNSAFE = (*SIGNED, CsrfTokenInvalid, PartyNotReviewed, IdempotencyKeyReused)
KEYED = (*UNSAFE, IdempotencyKeyMissing)
PINNED = (NotFound, Stale, PreconditionRequired, EtagMalformed, IllegalTransition)
LISTED = (*SIGNED, CursorInvalid)
