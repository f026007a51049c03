"""Fan-out: the same watchers on one process, through Redis to another one, and on the same service whose streams are
sse-starlette's, in turn.
"""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from typing import Any

import asyncpg

from app.config import ROOT
from benchmarks.market import STEP_MINOR, Market, next_amounts
from benchmarks.processes import library, serving
from benchmarks.watchers import Seen, WatchPlan

EVENTS = 60
PER_SECOND = 10.0


@dataclass
class Watching:
    """The ratios of each round, and what they were made of."""

    redis: list[float] = field(default_factory=list)
    against_library: list[float] = field(default_factory=list)
    dropped: list[float] = field(default_factory=list)
    absolute: list[dict[str, Any]] = field(default_factory=list)


def measure(url: str, redis_url: str, market: Market, *, options: argparse.Namespace) -> Watching:
    """All rounds. The library's share is left out where it is not installed (dependency group `bench`)."""
    found = Watching()
    with serving("plain", url, redis_url) as one, serving("plain", url, redis_url) as other:
        for _ in range(options.rounds):
            here = _watch(url, market, port=one, publish=one, watchers=options.watchers)
            away = _watch(url, market, port=other, publish=one, watchers=options.watchers)
            told = {"one process": asdict(here), "through Redis": asdict(away)}
            found.redis.append(away.p50_ms / here.p50_ms)
            found.dropped.append(here.dropped + away.dropped)
            if find_spec("sse_starlette") is not None:
                with library(url, redis_url) as port:
                    theirs = _watch(
                        url, market, port=port, publish=port, watchers=options.watchers, prefix="/v1/bench"
                    )
                told["sse-starlette"] = asdict(theirs)
                found.against_library.append(here.p99_ms / theirs.p99_ms)
            found.absolute.append(told)
            print(f"  {told}", flush=True)
    return found


def _watch(url: str, market: Market, *, port: int, publish: int, watchers: int, prefix: str = "/v1") -> Seen:
    auction = market.auctions[1]
    (amount,) = asyncio.run(next_amounts(url, [auction]))
    return _play(
        WatchPlan(
            port=port,
            publish_port=publish,
            watchers=watchers,
            events=EVENTS,
            per_second=PER_SECOND,
            path=f"{prefix}/auctions/{auction}/stream",
            auction=str(auction),
            keys=market.keys[:2],
            next_minor=amount,
            step_minor=STEP_MINOR,
            after=asyncio.run(_seq(url, [auction])),
        )
    )


def _play(plan: WatchPlan) -> Seen:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.watchers"],
        cwd=ROOT,
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
    return Seen(**json.loads(done.stdout))


async def _seq(url: str, auctions: Sequence[Any]) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT seq FROM auctions WHERE id = $1", auctions[0]))
    finally:
        await connection.close()
