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
from dataclasses import asdict, dataclass
from typing import Any

_ID = re.compile(rb"(?:^|\n)id: (\d+)\n")
_READ_BYTES = 16_384
_OPEN_AT_ONCE = 50
_SETTLE_SECONDS = 1.0
_LINGER_SECONDS = 3.0
_PATIENCE_SECONDS = 60.0


@dataclass
class WatchPlan:
    """port: of the streams; publish_port: of the publisher; path: of the stream."""

    port: int
    publish_port: int
    watchers: int
    events: int
    per_second: float
    path: str
    auction: str
    keys: list[str]
    next_minor: int
    step_minor: int
    after: int


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
        self.pieces: list[tuple[int, bytes, float]] = []
        self.asked: set[int] = set()
        self.opening: set[int] = set()
        self.ended = 0

    def open(self) -> None:
        """Open all streams, some at a time, and read what comes meanwhile."""
        plan = self.plan
        path = f"/v1/auctions/{plan.auction}/stream" if plan.auction else "/stream"
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\nLast-Event-ID: {plan.after}\r\n\r\n".encode()
        until = time.perf_counter() + _PATIENCE_SECONDS
        while (len(self.asked) < plan.watchers or self.opening) and time.perf_counter() < until:
            while len(self.asked) < plan.watchers and len(self.opening) < _OPEN_AT_ONCE:
                made = socket.create_connection(("127.0.0.1", plan.port))
                made.sendall(head)
                made.setblocking(False)
                number = made.fileno()
                self.sockets[number] = made
                self.asked.add(number)
                self.opening.add(number)
                self.poll.register(number, select.EPOLLIN)
            self.read(0.05)
        self.listen(_SETTLE_SECONDS)

    def listen(self, seconds: float) -> None:
        """Read for so long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.read(left)

    def read(self, seconds: float) -> dict[int, float]:
        """Read what has come, or comes within `seconds`. Returns the sockets that are not streams, and since when."""
        others = {}
        come = self.poll.poll(seconds, 256)
        since = time.perf_counter()
        for number, _ in come:
            if number not in self.sockets:
                others[number] = since
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
            if self.opening:
                self.opening.discard(number)
            self.pieces.append((number, piece, now))
        return others

    def heard(self) -> dict[int, list[tuple[bytes, float]]]:
        """What each watcher heard: the ids of events, and when the rest of each had come. Worked out at the end."""
        told: dict[int, list[tuple[bytes, float]]] = {number: [] for number in self.asked}
        rest = dict.fromkeys(self.asked, b"")
        for number, piece, at in self.pieces:
            # The library ends its lines with CR and LF.
            said = (rest[number] + piece).replace(b"\r\n", b"\n")
            whole, mark, rest[number] = said.rpartition(b"\n\n")
            told[number] += [(found, at) for found in _ID.findall(whole + mark)]
        return told

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
            answer, at = b"", 0.0
            while (told := _answer(answer)) is None:
                since = self.read(1.0).get(line.fileno())
                if since is not None:
                    answer += line.recv(_READ_BYTES)
                    at = since
            published[str(told["seq"]).encode()] = at
        self.poll.unregister(line.fileno())
        line.close()
        return published

    def _request(self, number: int, amount: int) -> bytes:
        plan = self.plan
        body = f'{{"amount":"{amount // 100}.{amount % 100:02d}"}}'
        return (
            f"POST /v1/auctions/{plan.auction}/bids HTTP/1.1\r\nHost: 127.0.0.1:{plan.publish_port}\r\n"
            f"Authorization: Bearer {plan.keys[number % len(plan.keys)]}\r\nIdempotency-Key: {uuid.uuid4().hex}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


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
    published = audience.publish()
    audience.listen(_LINGER_SECONDS)
    told = audience.heard().values()
    took = sorted(max(0.0, at - published[seq]) for heard in told for seq, at in heard if seq in published)
    missed = sum(len({seq for seq, _ in heard} & published.keys()) < plan.events for heard in told)
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
