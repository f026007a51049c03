"""What every request passes: a request id, a body limit, security headers, one log line, metrics. Pure ASGI."""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import Request

from app.http.problems import problem
from app.kit.errors import Refusal
from app.kit.ids import new_id

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


class Edge:
    """The outermost layer."""

    def __init__(
        self, app: App, *, metrics: Metrics, body_limit: int, upload_limit: int, upload_path: str
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._limits = (body_limit, upload_limit, upload_path)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.match(given) else str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status = time.perf_counter(), 500

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", [])
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    *HEADERS,
                ]
                self._count(scope, status, time.perf_counter() - began)
            await send(message)

        body_limit, upload_limit, upload_path = self._limits
        limit = upload_limit if scope["path"] == upload_path else body_limit
        counted = _Limited(receive, limit)
        refusal = counted.refuse_by_header(request)
        try:
            if refusal is None:
                await self._app(scope, counted.receive, told)
        except _TooLarge:
            refusal = BodyTooLarge(
                f"上限为 {limit} 字节。", f"The limit is {limit} bytes.", limit_bytes=limit
            )
        if refusal is not None:
            await problem(request, refusal)(scope, receive, told)
        log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )

    def _count(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        # The route's template, never the path: ids must not become labels.
        route = getattr(scope.get("route"), "path", "unmatched")
        self._metrics.requests.labels(scope["method"], route, str(status)).inc()
        self._metrics.seconds.labels(scope["method"], route).observe(seconds)


class _TooLarge(Exception):
    """More bytes came than the limit."""


class _Limited:
    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._limit, self._seen = receive, limit, 0

    def refuse_by_header(self, request: Request) -> Refusal | None:
        length = request.headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length) <= self._limit:
            return None
        return BodyTooLarge(
            f"上限为 {self._limit} 字节。", f"The limit is {self._limit} bytes.", limit_bytes=self._limit
        )

    async def receive(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._limit:
            raise _TooLarge()
        return message
