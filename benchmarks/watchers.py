"""Watchers: so many open streams, read as bytes, and how long after its publication each event reaches each of them.

Run as a process of its own: `python -m benchmarks.watchers`, with a plan (JSON) on standard input. The publisher is in the
same process, so that one clock measures both ends: an event is published when the call that brings it about is answered.
One loop over `epoll` reads all sockets: it shares the machine with the service, and its own cost must not be the result.
"""

import gc
import json
import re
import select
import socket
import sys
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

_ID = re.compile(rb"(?:^|\n)id: (\d+)\r?\n")
_READ_BYTES = 65_536
_OPEN_AT_ONCE = 50
_SETTLE_SECONDS = 1.0
_LINGER_SECONDS = 3.0
_PATIENCE_SECONDS = 60.0


@dataclass
class WatchPlan:
    """port: of the streams; publish_port: of the publisher. auction None: the library's service."""

    port: int
    publish_port: int
    watchers: int
    events: int
    per_second: float
    auction: str | None = None
    keys: list[str] = field(default_factory=list)
    next_minor: int = 0
    step_minor: int = 0
    after: int = 0


@dataclass
class Seen:
    """What the watchers saw. dropped: whose stream ended, or who missed an event."""

    p50_ms: float = 0.0
    p99_ms: float = 0.0
    heard: int = 0
    dropped: int = 0


class _Audience:
    def __init__(self, plan: WatchPlan) -> None:
        self.plan = plan
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.times: list[tuple[bytes, float]] = []
        self.heard: dict[int, int] = {}
        self.opening: set[int] = set()
        self.ended = 0

    def open(self) -> None:
        """Open all streams, some at a time, and read what comes meanwhile."""
        plan = self.plan
        path = f"/v1/auctions/{plan.auction}/stream" if plan.auction else "/stream"
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\nLast-Event-ID: {plan.after}\r\n\r\n".encode()
        until = time.perf_counter() + _PATIENCE_SECONDS
        while (len(self.heard) < plan.watchers or self.opening) and time.perf_counter() < until:
            while len(self.heard) < plan.watchers and len(self.opening) < _OPEN_AT_ONCE:
                made = socket.create_connection(("127.0.0.1", plan.port))
                made.sendall(head)
                made.setblocking(False)
                number = made.fileno()
                self.sockets[number], self.heard[number] = made, 0
                self.opening.add(number)
                self.poll.register(number, select.EPOLLIN)
            self.read(0.05)
        self.listen(_SETTLE_SECONDS)

    def listen(self, seconds: float) -> None:
        """Read for so long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.read(left)

    def read(self, seconds: float) -> set[int]:
        """Read what has come, or waits within `seconds`. Returns the sockets that are not streams."""
        others = set()
        for number, _ in self.poll.poll(seconds, 256):
            if number not in self.sockets:
                others.add(number)
                continue
            try:
                piece = self.sockets[number].recv(_READ_BYTES)
            except BlockingIOError:
                continue
            now = time.perf_counter()
            if not piece:
                self.ended += 1
                self.poll.unregister(number)
                self.sockets.pop(number).close()
                continue
            self.opening.discard(number)
            for found in _ID.findall(piece):
                self.times.append((found, now))
                self.heard[number] += 1
        return others

    def publish(self) -> dict[bytes, float]:
        """Publish all events at their times, reading meanwhile. Returns when each was answered."""
        plan, published = self.plan, {}
        line = socket.create_connection(("127.0.0.1", plan.publish_port))
        self.poll.register(line.fileno(), select.EPOLLIN)
        began, amount = time.perf_counter(), plan.next_minor
        for number in range(plan.events):
            self.listen(began + number / plan.per_second - time.perf_counter())
            line.sendall(self._request(number, amount))
            amount += plan.step_minor
            answer = b""
            while (told := _answer(answer)) is None:
                if line.fileno() in self.read(1.0):
                    answer += line.recv(_READ_BYTES)
            published[str(told["seq"]).encode()] = time.perf_counter()
        self.poll.unregister(line.fileno())
        line.close()
        return published

    def _request(self, number: int, amount: int) -> bytes:
        plan = self.plan
        head, body, path = f"Host: 127.0.0.1:{plan.publish_port}\r\n", "{}", "/publish"
        if plan.auction:
            path = f"/v1/auctions/{plan.auction}/bids"
            body = f'{{"amount":"{amount // 100}.{amount % 100:02d}"}}'
            key = plan.keys[number % len(plan.keys)]
            head += f"Authorization: Bearer {key}\r\nIdempotency-Key: {uuid.uuid4().hex}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return f"POST {path} HTTP/1.1\r\n{head}\r\n{body}".encode()


def _answer(piece: bytes) -> dict[str, Any] | None:
    """The body of an answer, once it is whole."""
    head, end, body = piece.partition(b"\r\n\r\n")
    if not end:
        return None
    at = head.index(b"content-length: ") + 16
    length = int(head[at:].split(b"\r", 1)[0])
    if len(body) < length:
        return None
    told: dict[str, Any] = json.loads(body)
    return told


def _run(plan: WatchPlan) -> Seen:
    audience = _Audience(plan)
    audience.open()
    before = dict(audience.heard)
    published = audience.publish()
    audience.listen(_LINGER_SECONDS)
    took = sorted(max(0.0, at - published[seq]) for seq, at in audience.times if seq in published)
    missed = sum(heard - before[number] < plan.events for number, heard in audience.heard.items())
    return Seen(
        p50_ms=took[len(took) // 2] * 1000 if took else 0.0,
        p99_ms=took[int(len(took) * 0.99)] * 1000 if took else 0.0,
        heard=len(took),
        dropped=max(audience.ended, missed),
    )


def main() -> None:
    """Run one plan."""
    gc.disable()
    told: dict[str, Any] = json.load(sys.stdin)
    json.dump(asdict(_run(WatchPlan(**told))), sys.stdout)


if __name__ == "__main__":
    main()
