"""Watchers: so many open streams, read as bytes, and how long after its publication each event reaches each of them.

Run as a process of its own: `python -m benchmarks.watchers`, with a plan (JSON) on standard input. The publisher is in the
same process, so that one clock measures both ends: an event is published when the call that brings it about is answered.
"""

import asyncio
import json
import re
import sys
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

_ID = re.compile(rb"(?:^|\n)id: (\d+)\r?\n")


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
        self.published: dict[int, float] = {}
        self.times: list[tuple[int, float]] = []
        self.heard: list[int] = [0] * plan.watchers
        self.open = 0
        self.ended = 0

    async def watch(self, number: int) -> None:
        plan = self.plan
        path = f"/v1/auctions/{plan.auction}/stream" if plan.auction else "/stream"
        reader, writer = await asyncio.open_connection("127.0.0.1", plan.port, limit=2**20)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\nLast-Event-ID: {plan.after}\r\n\r\n".encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        self.open += 1
        while True:
            piece = await reader.read(65_536)
            if not piece:
                self.ended += 1
                return
            now = time.perf_counter()
            for found in _ID.findall(piece):
                self.times.append((int(found), now))
                self.heard[number] += 1

    async def publish(self) -> None:
        plan = self.plan
        reader, writer = await asyncio.open_connection("127.0.0.1", plan.publish_port)
        began, amount = time.perf_counter(), plan.next_minor
        for number in range(plan.events):
            await asyncio.sleep(max(0.0, began + number / plan.per_second - time.perf_counter()))
            head, body, path = f"Host: 127.0.0.1:{plan.publish_port}\r\n", "{}", "/publish"
            if plan.auction:
                key = plan.keys[number % len(plan.keys)]
                path, body = (
                    f"/v1/auctions/{plan.auction}/bids",
                    f'{{"amount":"{amount // 100}.{amount % 100:02d}"}}',
                )
                head += f"Authorization: Bearer {key}\r\nIdempotency-Key: {uuid.uuid4().hex}\r\n"
                amount += plan.step_minor
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            at = answer.index(b"content-length: ") + 16
            told = json.loads(await reader.readexactly(int(answer[at : answer.index(b"\r", at)])))
            self.published[told["seq"]] = time.perf_counter()
        writer.close()


async def _run(plan: WatchPlan) -> Seen:
    audience = _Audience(plan)
    tasks = []
    for number in range(plan.watchers):
        tasks.append(asyncio.create_task(audience.watch(number)))
        if number % 50 == 49:
            await asyncio.sleep(0.05)
    for _ in range(600):
        if audience.open == plan.watchers:
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(1.0)
    await audience.publish()
    await asyncio.sleep(3.0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    took = sorted(
        max(0.0, at - audience.published[seq]) for seq, at in audience.times if seq in audience.published
    )
    missed = sum(heard < plan.events for heard in audience.heard)
    return Seen(
        p50_ms=took[len(took) // 2] * 1000 if took else 0.0,
        p99_ms=took[int(len(took) * 0.99)] * 1000 if took else 0.0,
        heard=len(took),
        dropped=max(audience.ended, missed),
    )


def main() -> None:
    """Run one plan."""
    told: dict[str, Any] = json.load(sys.stdin)
    import uvloop  # noqa: PLC0415  # the client alone needs it, and only in this process

    json.dump(asdict(uvloop.run(_run(WatchPlan(**told)))), sys.stdout)


if __name__ == "__main__":
    main()
