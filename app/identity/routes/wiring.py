"""What identity's routes are given: the hasher, the sealer, the rates, the cookie."""

import hashlib
from typing import Annotated
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import Depends, Query, Request, Response

from app.config import Settings
from app.http.limits import Limiter
from app.identity.access import COOKIE_PLAIN, COOKIE_SECURE, check_origin
from app.identity.actions.sessions import SESSION_SECONDS
from app.identity.passwords import Passwords
from app.identity.sealing import Sealer
from app.kit.paging import LIMIT_MAX


def _passwords(request: Request) -> Passwords:
    found: Passwords = request.app.state.passwords
    return found


def _sealer(request: Request) -> Sealer:
    found: Sealer = request.app.state.sealer
    return found


def _limiter(request: Request) -> Limiter:
    found: Limiter = request.app.state.limiter
    return found


def settings(request: Request) -> Settings:
    """The application's settings."""
    found: Settings = request.app.state.settings
    return found


def _own_page(request: Request) -> None:
    """Calls that make a session need no session; a page of another origin may not make them all the same."""
    check_origin(request, needed=COOKIE_PLAIN in request.cookies or COOKIE_SECURE in request.cookies)


PasswordsDep = Annotated[Passwords, Depends(_passwords)]
SealerDep = Annotated[Sealer, Depends(_sealer)]
LimiterDep = Annotated[Limiter, Depends(_limiter)]
OwnPage = Depends(_own_page)
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]


def cookie_name(request: Request) -> str:
    """`__Host-jishi` over https, where browsers keep it to this very host; plain `jishi` on loopback http."""
    return COOKIE_SECURE if settings(request).secure_cookies else COOKIE_PLAIN


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Hand the session to the browser; scripts cannot read it."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=SESSION_SECONDS,
        path="/",
        secure=settings(request).secure_cookies,
        httponly=True,
        samesite="lax",
    )
    response.headers["Cache-Control"] = "no-store"


def drop_cookie(request: Request, response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(
        cookie_name(request),
        path="/",
        secure=settings(request).secure_cookies,
        httponly=True,
        samesite="lax",
    )


async def visitor_id(request: Request) -> UUID:
    """Stands for a visitor among the holders of idempotency keys: whoever sends this very body.

    A kept answer can thus be replayed only to somebody who knows all that the first one sent, password included.
    """
    return uuid5(NAMESPACE_OID, "visitor:" + hashlib.sha256(await request.body()).hexdigest())
