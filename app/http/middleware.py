"""What every request passes: a request id, a body limit, security headers, one log line, metrics. Pure ASGI."""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from fastapi import Depends
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import Request

from app.http.problems import problem
from app.kit.errors import Refusal
from app.kit.ids import new_name
from app.logs import REQUEST_ID

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

log = structlog.get_logger()
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z", re.ASCII)

# No inline script or style anywhere; nothing is loaded from another origin.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class BodyTooLarge(Refusal):
    """The body is larger than the limit."""

    code = "body_too_large"
    status = 413
    title_zh = "请求内容过大"
    title_en = "The request body is too large"
    remedy_zh = "请拆分后提交；成批数据请用导入接口。"
    remedy_en = "Split it; use an import for large batches."


async def _unlogged(request: Request) -> None:
    request.state.unlogged = True


Unlogged = Depends(_unlogged)
"""For `dependencies=[Unlogged]`: no line and no figure says that the call was made. For calls that are secret as such."""


class Metrics:
    """The application's own registry: two applications in one process do not share figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "jishi_http_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "jishi_http_request_seconds",
            "Seconds to the first byte.",
            ("method", "route"),
            registry=self.registry,
        )
        self._of: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def of(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """The counter and the histogram of these labels, found once: looking them up costs more than counting."""
        found = self._of.get((method, route, status))
        if found is None:
            found = (
                self.requests.labels(method, route, str(status)),
                self.seconds.labels(method, route),
            )
            self._of[method, route, status] = found
        return found


class Edge:
    """The outermost layer."""

    def __init__(
        self, app: App, *, metrics: Metrics, body_limit: int, upload_limit: int, upload_paths: frozenset[str]
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._limits = (body_limit, upload_limit, upload_paths)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        REQUEST_ID.set(request_id)
        began, status = time.perf_counter(), 500

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                    *HEADERS,
                ]
                if not scope["state"].get("unlogged"):
                    self._count(scope, status, time.perf_counter() - began)
            await send(message)

        await self._serve(scope, receive, told)
        # One line a request, but for those of which there are thousands a second and every one is on record elsewhere.
        if scope["state"].get("unlogged") or scope["state"].get("on_record"):
            return
        log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )

    async def _serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Let the application answer, unless the body is over its limit: then the answer is ours, whatever it made."""
        body_limit, upload_limit, upload_paths = self._limits
        limit = upload_limit if scope["path"] in upload_paths else body_limit
        counted = _Limited(receive, limit)

        async def unless_too_large(message: Message) -> None:
            if not counted.exceeded:
                await send(message)

        if not counted.over_by_header(scope):
            try:
                await self._app(scope, counted.receive, unless_too_large)
            except _TooLarge:
                pass
        if counted.exceeded:
            refusal = BodyTooLarge(
                f"上限为 {limit} 字节。", f"The limit is {limit} bytes.", limit_bytes=limit
            )
            await problem(Request(scope), refusal)(scope, receive, send)

    def _count(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        # The route's template, never the path: ids must not become labels.
        route = getattr(scope.get("route"), "path", "unmatched")
        counter, histogram = self._metrics.of(scope["method"], route, status)
        counter.inc()
        histogram.observe(seconds)


def _request_id(scope: MutableMapping[str, Any]) -> str:
    given = _header(scope, b"x-request-id")
    if given and _REQUEST_ID.match(text := given.decode("latin-1")):
        return text
    return new_name()


def _header(scope: MutableMapping[str, Any], wanted: bytes) -> bytes:
    for name, value in scope["headers"]:
        if name == wanted:
            found: bytes = value
            return found
    return b""


class _TooLarge(Exception):
    """More bytes came than the limit."""


class _Limited:
    """Counts a body as it comes."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._limit, self._seen = receive, limit, 0
        self.exceeded = False

    def over_by_header(self, scope: MutableMapping[str, Any]) -> bool:
        length = _header(scope, b"content-length")
        # A length that is no number is left to the counting.
        self.exceeded = length.isascii() and length.isdigit() and int(length[:20]) > self._limit
        return self.exceeded

    async def receive(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._limit:
            self.exceeded = True
            raise _TooLarge()
        return message
