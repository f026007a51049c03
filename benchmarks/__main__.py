"""`make bench`: prints the table of goals with what was measured, and writes `benchmarks/results/bench.json`.

Everything runs on this machine's own cores, on a durable PostgreSQL started for the run: absolute figures say little,
the ratios of interleaved rounds say what they say. Bids carry authentication, idempotency keys, receipts, outbox and
audit like any other. Options: `--rounds` (at least 5 count), `--seconds` of each measurement, `--stored` bids, `--only` some
of the parts (nothing is written then: a table with holes is none).
"""

import argparse
import asyncio
import json
import os
import shutil
import time
from dataclasses import replace
from typing import Any

from app.config import ROOT, Settings
from app.db.migrate import upgrade
from app.db.session import Database
from app.embedded import EmbeddedServers
from app.embedded.places import scratch_directory
from benchmarks import closing, machine, paint, rows, statements, watching
from benchmarks.load import Figures, Plan
from benchmarks.market import STEP_MINOR, Market, make_market, next_amounts, store_bids
from benchmarks.processes import load, pgbench, serving

RESULTS = ROOT / "benchmarks" / "results" / "bench.json"
CONNECTIONS = 128
HUNDRED = 100
PARTS = ["bids", "stored", "watching", "closing", "paint"]


class Bench:
    """One run."""

    def __init__(self, servers: EmbeddedServers, options: argparse.Namespace) -> None:
        self._servers, self._options = servers, options
        self._url = servers.database_url("bench")
        self._redis = servers.redis_url
        self.rows: list[dict[str, Any]] = []
        self.absolute: dict[str, Any] = {}

    def add(self, goal: rows.Goal, values: list[float], **named: Any) -> None:
        """A row, printed at once."""
        row = rows.told(goal, values, **named)
        self.rows.append(row)
        print(rows.line(row), flush=True)

    def run(self) -> None:
        """All rows, the cheap ones last, so that what was cut short is seen to be missing."""
        self._servers.ensure_database("bench")
        upgrade(self._url, sandbox=True)
        wanted: list[str] = self._options.only
        if wanted != ["closing"]:
            market = asyncio.run(self._market(self._url, HUNDRED + 2))
        if "bids" in wanted:
            self._bids(market)
        if "stored" in wanted:
            self._stored()
        if "watching" in wanted:
            self._watching(market)
        if "closing" in wanted:
            self.add(rows.CLOSING, closing.measure(self._servers, rounds=self._options.rounds))
        if "paint" in wanted:
            self.add(rows.PAINT, self._paint(market))
        if wanted == PARTS:
            self.add(rows.SEARCH, [])

    async def _market(self, url: str, auctions: int) -> Market:
        database = Database(Settings(database_url=url).asyncpg_url, pool_size=4)
        made = await make_market(database, auctions=auctions, bidders=CONNECTIONS)
        await database.dispose()
        return made

    def _plan(self, url: str, port: int, market: Market, auctions: int) -> Plan:
        chosen = market.auctions[:auctions]
        return Plan(
            port=port,
            auctions=[str(auction) for auction in chosen],
            keys=market.keys,
            next_minor=asyncio.run(next_amounts(url, chosen)),
            step_minor=STEP_MINOR,
            connections=CONNECTIONS,
            seconds=self._options.seconds,
        )

    def _rate(self, figures: Figures, name: str) -> float:
        rate = figures.accepted / figures.seconds
        self.absolute.setdefault(name, []).append(
            {
                "per_second": round(rate),
                "refused": figures.refused,
                "other": figures.other,
                "p50_ms": round(figures.p50_ms, 1),
                "p99_ms": round(figures.p99_ms, 1),
            }
        )
        return rate

    def _bids(self, market: Market) -> None:
        """The hot auction, a hundred of them, both no-ops and both scripts, in turn."""
        for_scripts = Market(**{**vars(market), "auctions": market.auctions[HUNDRED:-1]})
        script = statements.plain(for_scripts)
        asyncio.run(_execute(self._url, statements.function(for_scripts)))
        ratios: dict[rows.Goal, list[float]] = {
            goal: [] for goal in (rows.HOT_PLAIN, rows.HOT_CALL, rows.HOT_LEAN, rows.HOT_ROUTE, rows.HUNDRED)
        }
        with (
            serving("plain", self._url, self._redis) as port,
            serving("idle", self._url, self._redis) as idle,
        ):
            for number in range(-1, self._options.rounds):
                hot = self._rate(load(self._plan(self._url, port, market, 1)), "hot")
                many = self._rate(load(self._plan(self._url, port, market, HUNDRED)), "hundred")
                lean = self._rate(load(self._plan(self._url, idle, market, 1)), "lean no-op")
                route = self._plan(self._url, idle, market, 1)
                route.path = "/v1/bench/{id}"
                framework = self._rate(load(route), "framework no-op")
                one = pgbench(self._url, script, clients=16, seconds=self._options.seconds)
                call = pgbench(self._url, statements.CALL, clients=16, seconds=self._options.seconds)
                self.absolute.setdefault("pgbench statements", []).append(round(one))
                self.absolute.setdefault("pgbench call", []).append(round(call))
                print(
                    f"  round {number}: hot {hot:.0f}/s, hundred {many:.0f}/s, lean {lean:.0f}/s,"
                    f" framework {framework:.0f}/s, pgbench {one:.0f} and {call:.0f}/s",
                    flush=True,
                )
                if number < 0:
                    continue  # the first round warms up: a fresh cluster is slow until its log is recycled
                beside = (one, call, lean, framework)
                for goal, other in zip(list(ratios)[:4], beside, strict=True):
                    ratios[goal].append(hot / other)
                ratios[rows.HUNDRED].append(many / hot)
        for goal, values in ratios.items():
            self.add(goal, values)

    def _stored(self) -> None:
        """The hot auction in a database with many bids and in one without, in turn."""
        size: int = self._options.stored
        urls = {name: self._servers.database_url(name) for name in ("bench_empty", "bench_full")}
        markets: dict[str, Market] = {}
        for name, url in urls.items():
            self._servers.ensure_database(name)
            upgrade(url, sandbox=True)
            markets[name] = asyncio.run(self._market(url, 2))
        asyncio.run(store_bids(urls["bench_full"], markets["bench_full"], size))
        values = []
        with (
            serving("plain", urls["bench_empty"], None) as empty,
            serving("plain", urls["bench_full"], None) as full,
        ):
            for number in range(-1, self._options.rounds):
                rates = {}
                for name, port in (("bench_empty", empty), ("bench_full", full)):
                    plan = self._plan(urls[name], port, markets[name], 1)
                    rates[name] = self._rate(load(plan), name)
                if number >= 0:
                    values.append(rates["bench_full"] / rates["bench_empty"])
        self.add(rows.STORED, values, size=f"{size:,}")

    def _watching(self, market: Market) -> None:
        found = watching.measure(self._url, self._redis, market, options=self._options)
        self.absolute["watching"] = found.absolute
        self.add(rows.REDIS, found.redis)
        self.add(rows.FANOUT, found.against_library)
        self.add(rows.DROPPED, found.dropped)

    def _paint(self, market: Market) -> list[float]:
        """In a browser, once a round, on the one sale that nobody else bids on; nothing where there are no pages."""
        if not paint.built():
            return []
        (amount,) = asyncio.run(next_amounts(self._url, market.auctions[-1:]))
        values = []
        with serving("plain", self._url, self._redis) as port:
            for _ in range(self._options.rounds):
                beside = replace(
                    self._plan(
                        self._url, port, Market(**{**vars(market), "auctions": market.auctions[1:]}), 32
                    ),
                    connections=16,
                    seconds=30.0,
                )
                values.append(
                    asyncio.run(
                        paint.measure(
                            port,
                            auction=str(market.auctions[-1]),
                            keys=market.keys,
                            next_minor=amount,
                            step_minor=STEP_MINOR,
                            load=beside,
                        )
                    )
                )
                amount += paint.EVENTS * STEP_MINOR
        return values


async def _execute(url: str, statement: str) -> None:
    import asyncpg  # noqa: PLC0415  # one statement, outside the service's own sessions

    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--stored", type=int, default=200_000)
    parser.add_argument("--watchers", type=int, default=1_000)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    began = time.monotonic()
    home = scratch_directory()
    servers = EmbeddedServers(home)
    servers.start()
    try:
        told = machine.describe(home)
        print(f"{told}\n\n    value   must    aim  met  row", flush=True)
        bench = Bench(servers, options)
        bench.run()
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)
    if options.only != PARTS:
        return
    told["load_after"] = round(os.getloadavg()[0], 2)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps(
            {"machine": told, "rows": bench.rows, "absolute": bench.absolute}, ensure_ascii=False, indent=2
        )
        + "\n"
    )
    print(f"\n{RESULTS.relative_to(ROOT)}, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
