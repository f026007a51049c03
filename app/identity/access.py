"""Who is asking, and what they may do: the dependency that every route of every room uses."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import ColumnElement, SQLColumnExpression, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.http.idempotency import IdempotencyKeyMissing, KeyHeader, claim
from app.http.openapi import Marks
from app.http.session import Session
from app.identity import repository
from app.identity.credentials import csrf_token, fingerprint, looks_like_api_key
from app.identity.errors import (
    CredentialInvalid,
    CsrfTokenInvalid,
    OriginForeign,
    PartyNotReviewed,
    PermissionMissing,
)
from app.identity.permissions import Permission, Role, permissions_of
from app.identity.states import PartyKind, ReviewStatus
from app.kit.errors import Refusal, Unauthenticated

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
COOKIE_SECURE = "__Host-jishi"
COOKIE_PLAIN = "jishi"
TOKEN_MAX = 128

_cookie_secure = APIKeyCookie(
    name=COOKIE_SECURE,
    auto_error=False,
    scheme_name="session_cookie",
    description="A browser's session over https. Unsafe calls also send the page's token (`GET /v1/session`) as "
    "`X-CSRF-Token`, and their `Origin` is checked.",
)
_cookie_plain = APIKeyCookie(
    name=COOKIE_PLAIN,
    auto_error=False,
    scheme_name="session_cookie_loopback",
    description="The same over http, which only a service that runs on one's own machine uses.",
)
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="api_key",
    description="A program's API key (`POST /v1/api-keys`): `ttm_live_…`, or `ttm_test_…` which works in sandboxes only. "
    "It may do what both its scopes and its person's roles allow.",
)


@dataclass(frozen=True)
class Actor:
    """Somebody who is signed in, acting for one party.

    region_scope: six digits; staff of a city or county see their subtree only. None sees all.
    parties: every party that the person belongs to now, whichever he acts for; serves_exchange: one is an exchange.
    """

    user_id: UUID
    user_name: str
    party_id: UUID
    party_kind: PartyKind
    party_status: ReviewStatus
    party_region: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    region_scope: str | None
    via: Literal["session", "api_key"]
    credential_id: UUID
    parties: frozenset[UUID] = frozenset()
    serves_exchange: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether the actor holds a permission."""
        return permission in self.permissions

    def belongs_to(self, *parties: UUID | None) -> bool:
        """Whether the person belongs to any of these parties, also while acting for another: duties stay apart."""
        return not self.parties.isdisjoint(parties) or self.party_id in parties

    @property
    def key_space(self) -> UUID:
        """Whose idempotency keys these are: a person's for one party. Acting for another he starts afresh."""
        return uuid5(self.party_id, str(self.user_id))

    @property
    def region_prefix(self) -> str:
        """The leading digits that a region code must have to lie in the actor's scope ("" for everywhere)."""
        return region_prefix(self.region_scope)


def region_prefix(code: str | None) -> str:
    """A GB/T 2260 code's subtree as a prefix: 330000 -> 33, 330100 -> 3301, 330106 -> 330106."""
    if code is None:
        return ""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def within_scope(column: SQLColumnExpression[str], actor: Actor) -> ColumnElement[bool]:
    """The condition that a row's region lies in the actor's scope; true for staff without one.

    For lists that staff read by permission; a party's own rows are found by its id, not by this.
    """
    return column.startswith(actor.region_prefix, autoescape=True) if actor.region_prefix else true()


async def _optional(
    request: Request,
    session: Session,
    secure: Annotated[str | None, Depends(_cookie_secure)],
    plain: Annotated[str | None, Depends(_cookie_plain)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Actor | None:
    if bearer is not None:
        shown = Shown(token=None, key=bearer.credentials)
        return _known((await authenticate_all(session, [shown], noting=True))[0])
    token = secure if request.app.state.settings.secure_cookies else plain
    if token is None:
        return None
    actor = await _by_session(session, token)
    if actor is not None and request.method not in SAFE_METHODS:
        check_csrf(request, token)
    return actor


@dataclass(frozen=True)
class Shown:
    """The credential that a request showed, not yet looked up: streams look it up again at every heartbeat."""

    token: str | None
    key: str | None


def _shown(
    request: Request,
    secure: Annotated[str | None, Depends(_cookie_secure)],
    plain: Annotated[str | None, Depends(_cookie_plain)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Shown:
    token = secure if request.app.state.settings.secure_cookies else plain
    return Shown(token=token, key=bearer.credentials if bearer is not None else None)


ShownCredential = Annotated[Shown, Depends(_shown)]
"""For streams, which hold no database session: what was shown."""


async def authenticate(session: AsyncSession, shown: Shown) -> Actor:
    """The actor of a shown credential. Raises `Unauthenticated` (or `CredentialInvalid`) when there is none."""
    return _known((await authenticate_all(session, [shown]))[0])


async def authenticate_all(
    session: AsyncSession, shown: Sequence[Shown], *, noting: bool = False
) -> list[Actor | Refusal]:
    """The actors of shown credentials in their order, or what `authenticate` raises for it; one look for all of them.

    noting: the use of their keys is noted, too: for whoever commits the session.
    """
    prints = [_fingerprint(one) for one in shown]
    keyed = await repository.key_holders(session, _prints(shown, prints, keys=True))
    signed_in = await repository.session_holders(session, _prints(shown, prints, keys=False))
    if unnoted := {found.credential_id for found in keyed.values() if noting and not found.noted}:
        await repository.note_uses(session, unnoted)
    told: list[Actor | Refusal] = []
    for one, hashed in zip(shown, prints, strict=True):
        found = (keyed if one.key is not None else signed_in).get(hashed or b"")
        told.append(
            _refusal(one) if found is None else _keyed(found) if one.key is not None else _signed(found)
        )
    return told


def _fingerprint(shown: Shown) -> bytes | None:
    """By which a credential is looked up; None where it cannot be one."""
    if shown.key is not None:
        return fingerprint(shown.key) if looks_like_api_key(shown.key) else None
    return fingerprint(shown.token) if shown.token is not None and len(shown.token) <= TOKEN_MAX else None


def _prints(shown: Sequence[Shown], prints: Sequence[bytes | None], *, keys: bool) -> list[bytes]:
    return [
        hashed
        for one, hashed in zip(shown, prints, strict=True)
        if hashed is not None and (one.key is not None) is keys
    ]


def _refusal(shown: Shown) -> Refusal:
    return Unauthenticated() if shown.key is None else CredentialInvalid(field="/header/Authorization")


def _known(told: Actor | Refusal) -> Actor:
    if isinstance(told, Refusal):
        raise told
    return told


async def caller(request: Request, session: AsyncSession) -> Actor:
    """The actor of a request whose dependencies have not run yet: for a route that takes a large body first.

    It says nothing about the origin; the dependencies do, later.
    """
    cookies = (await _cookie_secure(request), await _cookie_plain(request))
    return await authenticate(session, _shown(request, *cookies, await _bearer(request)))


def _keyed(found: repository.Holder) -> Actor:
    scopes = {permission for permission in Permission if permission in found.scopes}
    return _actor(found, permissions_of(found.roles) & scopes, "api_key")


async def _by_session(session: AsyncSession, token: str) -> Actor | None:
    """A browser whose session has ended is simply not signed in: it may still look."""
    told = (await authenticate_all(session, [Shown(token=token, key=None)]))[0]
    return told if isinstance(told, Actor) else None


def _signed(found: repository.Holder) -> Actor:
    return _actor(found, permissions_of(found.roles), "session")


def _actor(
    found: repository.Holder, granted: frozenset[Permission], via: Literal["session", "api_key"]
) -> Actor:
    return Actor(
        user_id=found.user_id,
        user_name=found.user_name,
        party_id=found.party_id,
        party_kind=found.party_kind,
        party_status=found.party_status,
        party_region=found.party_region,
        roles=found.roles,
        permissions=granted,
        region_scope=found.region_scope,
        via=via,
        credential_id=found.credential_id,
        parties=found.parties,
        serves_exchange=found.serves_exchange,
    )


async def actor_of_session(session: AsyncSession, token: str) -> Actor:
    """The actor of a session that was opened in this transaction."""
    actor = await _by_session(session, token)
    assert actor is not None
    return actor


def check_csrf(request: Request, token: str) -> None:
    """Refuse an unsafe call by a cookie that the page itself did not make: its origin, then its token."""
    check_origin(request, needed=True)
    given = request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(given.encode(), csrf_token(token).encode()):
        raise CsrfTokenInvalid(field="/header/X-CSRF-Token")


def check_origin(request: Request, *, needed: bool) -> None:
    """Refuse a page of another origin. Every browser names its own on unsafe calls.

    needed: whether its absence is refused, too. True where a cookie speaks for somebody.
    """
    origin = request.headers.get("origin")
    if origin is None:
        allowed = not needed
    else:
        public = urlsplit(request.app.state.settings.public_url)
        own = {request.headers.get("host"), public.netloc}
        scheme, _, host = origin.partition("://")
        allowed = scheme in ("http", "https") and host in own
    if not allowed:
        raise OriginForeign(field="/header/Origin")


async def _signed_in(actor: Annotated[Actor | None, Depends(_optional)]) -> Actor:
    if actor is None:
        raise Unauthenticated()
    return actor


OptionalActor = Annotated[Actor | None, Depends(_optional)]
"""The actor, or None for a visitor."""


SignedIn = Annotated[Actor, Depends(_signed_in)]
"""The actor; 401 for a visitor."""


def require(permission: Permission, *, reviewed: bool = False) -> Callable[[Actor], Awaitable[Actor]]:
    """A dependency: the actor, if he holds the permission; 403 otherwise.

    reviewed: the actor's organisation must also have passed its review (offering, bidding).
    """

    async def check(actor: SignedIn) -> Actor:
        if not actor.may(permission):
            raise PermissionMissing(
                f"需要权限 {permission}。",
                f"The permission {permission} is needed.",
                permission=str(permission),
            )
        if reviewed and actor.party_status is not ReviewStatus.APPROVED:
            raise PartyNotReviewed()
        return actor

    return check


async def _claim_optional(request: Request, session: Session, actor: SignedIn, key: KeyHeader = None) -> None:
    if key is not None:
        request.state.claiming = partial(claim, request, session, actor.key_space, key)


async def _claim_required(request: Request, session: Session, actor: SignedIn, key: KeyHeader = None) -> None:
    if key is None:
        raise IdempotencyKeyMissing(field="/header/Idempotency-Key")
    request.state.claiming = partial(claim, request, session, actor.key_space, key)


Idempotent = Depends(_claim_optional)
"""For `dependencies=[Idempotent]`: the route honours an `Idempotency-Key`."""

IdempotencyRequired = Depends(_claim_required)
"""For `dependencies=[IdempotencyRequired]`: the route bids or moves money and insists on a key."""

SIGN_IN = Marks(optional=(_optional,), strict=(_signed_in,), keyed=(_claim_required,))
"""What these dependencies mean, for the published document."""
