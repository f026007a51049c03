"""`/v1/api-keys`: credentials for programs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request

from app.http.idempotency import hide_from_replay
from app.http.problems import refusals
from app.http.session import Session, TransactionalRoute
from app.identity import actions, queries
from app.identity.access import Actor, Idempotent, require
from app.identity.errors import (
    ApiKeyKindUnfit,
    PermissionMissing,
    ScopeTooWide,
    SessionNeeded,
    TooMany,
)
from app.identity.permissions import Permission
from app.identity.routes.wiring import Cursor, Limit
from app.identity.schemas import ApiKeyIn, ApiKeyMadeOut, ApiKeyOut
from app.kit.errors import NotFound, Unauthenticated
from app.kit.paging import CursorInvalid
from app.kit.schemas import Page

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["api keys"])

KeyId = Annotated[UUID, Path(alias="id", description="The API key.")]

KeyManager = Annotated[Actor, Depends(require(Permission.API_KEY_MANAGE))]


@router.post(
    "/api-keys",
    status_code=201,
    dependencies=[Idempotent],
    responses=refusals(
        Unauthenticated, PermissionMissing, SessionNeeded, ScopeTooWide, ApiKeyKindUnfit, TooMany
    ),
)
async def make_api_key(
    body: ApiKeyIn, actor: KeyManager, session: Session, request: Request
) -> ApiKeyMadeOut:
    """Make a key for oneself and one's party. Its secret is shown this once.

    Sandboxes make test keys, a live market live ones.
    """
    made = await actions.make_api_key(
        session,
        actor=actor,
        name=body.name,
        kind=body.kind,
        scopes=frozenset(body.scopes),
        expires_in_days=body.expires_in_days,
    )
    hide_from_replay(request, "key")
    return ApiKeyMadeOut(api_key=queries.api_key_out(made.row), key=made.key)


@router.get("/api-keys", responses=refusals(Unauthenticated, PermissionMissing, CursorInvalid))
async def list_api_keys(
    actor: KeyManager, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[ApiKeyOut]:
    """One's own keys for one's party, newest first."""
    return await queries.api_keys(session, actor=actor, cursor=cursor, limit=limit)


@router.delete(
    "/api-keys/{id}",
    status_code=204,
    dependencies=[Idempotent],
    responses=refusals(Unauthenticated, PermissionMissing, NotFound),
)
async def revoke_api_key(key_id: KeyId, actor: KeyManager, session: Session) -> None:
    """Revoke one of one's own keys, at once and for good."""
    await actions.revoke_api_key(session, actor=actor, key_id=key_id)
