"""The bid's own door: `POST /v1/auctions/{id}/bids` in its usual form, without routing and without a transaction.

It takes a bid whose form, credential, permission and key are in order and hands it to the writer. Whatever is not as
usual goes on to the route of the same path (`routes.place_bid`), which says what is wrong, in the order and the words
of every other route. So there is one place that refuses a form and one that judges a bid; the door refuses nothing.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request, cookie_parser
from starlette.responses import Response

from app.auctions.actions.batch import Asked
from app.auctions.schemas import BidIn
from app.auctions.writer import Writer
from app.http.answers import Answer, KeyUse
from app.http.idempotency import KEY_PATTERN, asked_hash
from app.http.problems import answer_of
from app.identity.access import COOKIE_PLAIN, COOKIE_SECURE, Actor, Shown, check_csrf
from app.identity.badges import Badge, Badges
from app.identity.permissions import Permission
from app.identity.states import ReviewStatus
from app.kit.errors import Refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_PATH: Final = re.compile(
    r"/v1/auctions/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/bids\Z"
)
_KEY: Final = re.compile(KEY_PATTERN[1:-1].encode() + rb"\Z")
_READ: Final = (b"authorization", b"cookie", b"idempotency-key", b"content-type")


@dataclass(frozen=True, slots=True)
class _Served:
    """What the metrics count a bid under."""

    path: str = "/v1/auctions/{id}/bids"


_SERVED: Final = _Served()


class BidDoor:
    """ASGI: serves usual bids, passes on everything else."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = _PATH.match(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if found is None or scope["query_string"]:
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            return
        asked = await _asked(scope, UUID(found[1]), body)
        if asked is None:
            await self._app(scope, _again(body, receive), send)
            return
        scope["route"] = _SERVED
        writer: Writer = scope["app"].state.writer
        answer = await place(writer, asked)
        scope["state"]["on_record"] = answer.status < 500
        await _send(answer, send)


async def place(writer: Writer, asked: Asked) -> Answer:
    """The writer's answer, or the refusal to queue the bid at all."""
    try:
        return await writer.place(asked)
    except Refusal as refusal:
        return answer_of(refusal, asked.request_id)


async def asked_of(request: Request, *, auction_id: UUID, bid: BidIn, actor: Actor) -> Asked:
    """The bid of a request that came by the ordinary route."""
    asked = asked_hash(request.url.query.encode(), await request.body())
    key = request.headers["idempotency-key"]
    use = KeyUse(actor.key_space, key, f"POST {request.url.path}", asked)
    return Asked(auction_id=auction_id, actor=actor, bid=bid, use=use, request_id=request.state.request_id)


def response(answer: Answer) -> Response:
    """An answer for the framework to send."""
    told = Response(answer.body, status_code=answer.status, headers=dict(answer.headers))
    if answer.replayed:
        told.headers["Idempotency-Replayed"] = "true"
    return told


async def _asked(scope: Scope, auction_id: UUID, body: bytes) -> Asked | None:
    """The bid that a request places, or None where anything about it is not as usual."""
    read = _headers(scope)
    if read is None or read[b"content-type"].partition(b";")[0] != b"application/json":
        return None
    key = read[b"idempotency-key"]
    if _KEY.match(key) is None:
        return None
    try:
        bid = BidIn.model_validate_json(body)
    except ValidationError:
        return None
    badge = await _badge(scope, read)
    if badge is None:
        return None
    use = KeyUse(badge.key_space, key.decode("ascii"), f"POST {scope['path']}", asked_hash(b"", body))
    return Asked(
        auction_id=auction_id, actor=badge.actor, bid=bid, use=use, request_id=scope["state"]["request_id"]
    )


def _headers(scope: Scope) -> dict[bytes, bytes] | None:
    """The headers that a bid needs; None where one of them comes twice."""
    read = dict.fromkeys(_READ, b"")
    for name, value in scope["headers"]:
        if name in read:
            if read[name]:
                return None
            read[name] = value
    return read


async def _badge(scope: Scope, read: dict[bytes, bytes]) -> Badge | None:
    """Whoever may bid by the credential that was shown."""
    state = scope["app"].state
    badges: Badges = state.badges
    authorization, cookie = read[b"authorization"], read[b"cookie"]
    try:
        if authorization:
            scheme, _, secret = authorization.decode("latin-1").partition(" ")
            if scheme.lower() != "bearer":
                return None
            badge = await badges.find(Shown(token=None, key=secret))
        else:
            name = COOKIE_SECURE if state.settings.secure_cookies else COOKIE_PLAIN
            token = cookie_parser(cookie.decode("latin-1")).get(name)
            if token is None:
                return None
            badge = await badges.find(Shown(token=token, key=None))
            check_csrf(Request(scope), token)
    except (Refusal, SQLAlchemyError, OSError):
        return None
    actor = badge.actor
    return badge if actor.may(Permission.BID) and actor.party_status is ReviewStatus.APPROVED else None


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where the client has gone away."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return None if message["type"] == "http.disconnect" else body


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, for whoever serves the request after all."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


async def _send(answer: Answer, send: Send) -> None:
    headers = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    if answer.replayed:
        headers.append((b"idempotency-replayed", b"true"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
