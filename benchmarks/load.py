"""The load: bids over keep-alive connections, as bytes, so that the client costs the machine little.

Run as a process of its own: `python -m benchmarks.load`, with a plan (JSON) on standard input and figures on standard
output.
"""

import asyncio
import json
import sys
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any, cast


@dataclass
class Plan:
    """What to send. amounts rise by `step_minor` from the state that `next_minor` names for each auction."""

    port: int
    auctions: list[str]
    keys: list[str]
    next_minor: list[int]
    step_minor: int
    connections: int
    seconds: float
    path: str = "/v1/auctions/{id}/bids"


@dataclass
class Figures:
    """What came of it. Only accepted answers count as bids."""

    seconds: float = 0.0
    accepted: int = 0
    refused: int = 0
    other: int = 0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    next_minor: list[int] = field(default_factory=list)


class _Bidder(asyncio.Protocol):
    """One connection that bids, waits for the answer, bids again. A protocol rather than a stream: the client shares the
    processor with what it measures.
    """

    def __init__(self, plan: Plan, shared: "_Shared", key: str) -> None:
        self._plan, self._shared = plan, shared
        self._head = f"Host: 127.0.0.1:{plan.port}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        self._answer = b""
        self.ended = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Bid until the time is over."""
        transport, _ = await asyncio.get_running_loop().create_connection(
            lambda: self, "127.0.0.1", self._plan.port
        )
        await self.ended
        transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._write = cast(asyncio.Transport, transport).write
        self._bid()

    def data_received(self, data: bytes) -> None:
        """Count a whole answer, then bid again."""
        self._answer += data
        end = self._answer.find(b"\r\n\r\n")
        if end < 0:
            return
        at = self._answer.index(b"content-length: ") + 16
        if len(self._answer) < end + 4 + int(self._answer[at : self._answer.index(b"\r", at)]):
            return
        self._shared.count(self._answer[9:12], time.perf_counter() - self._began)
        self._answer = b""
        if time.perf_counter() < self._shared.ends_at:
            self._bid()
        elif not self.ended.done():
            self.ended.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection that ends before its time is counted."""
        if not self.ended.done():
            self._shared.figures.other += 1
            self.ended.set_result(None)

    def _bid(self) -> None:
        self._began = time.perf_counter()
        auction, amount = self._shared.next()
        body = f'{{"amount":"{amount // 100}.{amount % 100:02d}"}}'
        path = self._plan.path.replace("{id}", auction)
        self._write(
            (
                f"POST {path} HTTP/1.1\r\n{self._head}Idempotency-Key: {uuid.uuid4().hex}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )


class _Shared:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._turn = 0
        self.next_minor = list(plan.next_minor)
        self.figures = Figures()
        self.times: list[float] = []
        self.ends_at = time.perf_counter() + plan.seconds

    def next(self) -> tuple[str, int]:
        """The next auction in turn, and what to bid there."""
        index = self._turn % len(self._plan.auctions)
        self._turn += 1
        amount = self.next_minor[index]
        self.next_minor[index] += self._plan.step_minor
        return self._plan.auctions[index], amount

    def count(self, status: bytes, seconds: float) -> None:
        self.times.append(seconds)
        if status == b"201":
            self.figures.accepted += 1
        elif status == b"409":
            self.figures.refused += 1
        else:
            self.figures.other += 1


async def _run(plan: Plan) -> Figures:
    shared = _Shared(plan)
    began = time.perf_counter()
    bidders = [
        _Bidder(plan, shared, plan.keys[number % len(plan.keys)]) for number in range(plan.connections)
    ]
    await asyncio.gather(*(bidder.run() for bidder in bidders))
    figures = shared.figures
    figures.seconds = time.perf_counter() - began
    times = sorted(shared.times)
    if times:
        figures.p50_ms = times[len(times) // 2] * 1000
        figures.p99_ms = times[int(len(times) * 0.99)] * 1000
    figures.next_minor = shared.next_minor
    return figures


def main() -> None:
    """Run one plan."""
    told: dict[str, Any] = json.load(sys.stdin)
    import uvloop  # noqa: PLC0415  # the client alone needs it, and only in this process

    figures = uvloop.run(_run(Plan(**told)))
    json.dump(asdict(figures), sys.stdout)


if __name__ == "__main__":
    main()
