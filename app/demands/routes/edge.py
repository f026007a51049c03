"""What the room's routes share: who may call, how things are named in paths, what every call may be refused for."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query

from app.http.etags import EtagMalformed, PreconditionRequired
from app.http.idempotency import IdempotencyKeyReused
from app.identity.access import Actor, require
from app.identity.errors import PermissionMissing
from app.identity.permissions import Permission
from app.kit.errors import Refusal, Stale, Unauthenticated
from app.kit.paging import LIMIT_MAX

Writer = Annotated[Actor, Depends(require(Permission.DEMAND_WRITE))]
Chooser = Annotated[Actor, Depends(require(Permission.DEMAND_WRITE, reviewed=True))]
Reviewer = Annotated[Actor, Depends(require(Permission.DEMAND_REVIEW))]
Answerer = Annotated[Actor, Depends(require(Permission.SOLUTION_WRITE))]
Provider = Annotated[Actor, Depends(require(Permission.SOLUTION_WRITE, reviewed=True))]

DemandId = Annotated[UUID, Path(alias="id", description="The demand.")]
SolutionId = Annotated[UUID, Path(alias="id", description="The answer.")]
Cursor = Annotated[str | None, Query(max_length=1_000)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]


SIGNED: tuple[type[Refusal], ...] = (Unauthenticated, PermissionMissing)
UNSAFE: tuple[type[Refusal], ...] = (*SIGNED, IdempotencyKeyReused)
VERSIONED: tuple[type[Refusal], ...] = (*UNSAFE, Stale, PreconditionRequired, EtagMalformed)
