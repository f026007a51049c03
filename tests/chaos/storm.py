"""One storm: a sale on a service of its own, a crowd, a nemesis; then calm, the close, and every checker there is."""

import asyncio
import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.db.session import SERVES, Database
from app.kit.ids import new_id
from tests.chaos.cluster import Cluster, Engines
from tests.chaos.nemesis import rage
from tests.chaos.people import Crowd, History
from tests.factories.auctions import CLOCK, TERMS, Sale, advance_to, make_started
from tests.invariants import Stored, Violation, check_database
from tests.invariants.i_03 import Close, Operation, of_history

BIDDERS = 6
CALM_SECONDS = 30.0
CLOSE_SECONDS = 15.0
ONE_FEN = TERMS.model_copy(
    update={"ladder": [TERMS.ladder[0].model_copy(update={"increment": "0.01"})], "window_seconds": 60}
)


@dataclass
class Result:
    """What one storm came to."""

    seed: int
    closing: bool
    """The sale's end fell into the storm."""
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    operations: int = 0
    acknowledged: int = 0
    lost: int = 0
    unknown: int = 0
    stored: int = 0
    heard: int = 0
    histories: int = 0
    """Of how many sales the checker found an order that explains what everybody saw."""
    replies_dropped: int = 0
    closed_seconds_late: float = 0.0
    violations: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {**vars(self), "faults": dict(self.faults), "answers": dict(self.answers)}

    def line(self) -> str:
        """The figures, for a person."""
        return (
            f"storm, seed {self.seed}: {self.acknowledged} bids acknowledged, {self.lost} lost, {self.unknown} of"
            f" unknown outcome, {self.stored} stored; {self.histories} history of {self.operations} operations"
            f" linearizable; {self.heard} events heard; {self.faults.total()} faults, {len(self.violations)}"
            f" violations, {self.seconds:.0f} s"
        )


async def storm(engines: Engines, seed: int, seconds: float, log: Path) -> Result:
    """A storm of so many seconds. Everything random follows from the seed, but not what races what."""
    began, result = time.monotonic(), Result(seed, closing=seed % 2 == 1)
    url = await engines.new_database(f"storm_{seed}_{new_id().hex[-8:]}")
    async with Cluster(engines, url, log) as cluster:
        terms = ONE_FEN.model_copy(update={"extensions_max": 1}) if result.closing else ONE_FEN
        async with cluster.database.transaction() as session:
            # What prepares the sale stands in for a serving process: the servers' own heartbeats do not wait for it.
            session.info[SERVES] = True
            sale = await make_started(session, bidders=BIDDERS, terms=terms)
        await cluster.until_ready(CALM_SECONDS)
        crowd = Crowd(cluster, sale, seed)
        people = crowd.start()
        if result.closing:
            people.append(asyncio.create_task(_bring_the_end_near(cluster.database, sale, seconds)))
        try:
            await rage(cluster, seed, seconds, result.faults)
            cluster.mend()
            await cluster.until_ready(CALM_SECONDS)
            await asyncio.sleep(0.5)
            await _close(cluster.database, sale)
            await _until_heard(cluster.database, sale, crowd.history)
        finally:
            crowd.stop.set()
            await _gathered(people)
        await crowd.ask_again(10)
        await _judge(cluster, sale, crowd.history, result)
        result.replies_dropped = sum(
            line.lost for line in (*cluster.wires, *(n.front for n in cluster.nodes))
        )
    result.seconds = round(time.monotonic() - began, 1)
    return result


async def _gathered(people: list[asyncio.Task[None]]) -> None:
    done, late = await asyncio.wait(people, timeout=20)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in done:
        task.result()


async def _bring_the_end_near(database: Database, sale: Sale, seconds: float) -> None:
    """Make the end fall into the storm: once more bids have come, then, after the one extension that there is, again."""
    for share, left in ((0.3, 1.0), (0.15, seconds * 0.2)):
        await asyncio.sleep(seconds * share)
        with contextlib.suppress(Exception):  # the database may be away just then; then the sale ends later
            async with database.transaction() as session:
                row = await sale.row(session)
                if row.ends_at is not None:
                    await advance_to(session, row.ends_at - timedelta(seconds=left))


async def _close(database: Database, sale: Sale) -> None:
    """Let the end come, and the worker find it."""
    until = time.monotonic() + CLOSE_SECONDS
    while time.monotonic() < until:
        async with database.transaction() as session:
            row = await sale.row(session)
            if row.status in ("awarded", "passed_in"):
                return
            if row.ends_at is not None and await CLOCK.read(session) < row.ends_at:
                await advance_to(session, row.ends_at)
        await asyncio.sleep(0.1)
    raise Violation("I-29", f"nobody has closed the sale for {CLOSE_SECONDS} s")


async def _until_heard(database: Database, sale: Sale, history: History) -> None:
    """Watchers have come back and heard the end; one that never does is told of later."""
    async with database.transaction() as session:
        last = (await sale.row(session)).seq
    for _ in range(100):
        if all(heard and heard[-1]["seq"] >= last for heard in history.heard.values()):
            return
        await asyncio.sleep(0.1)


async def _judge(cluster: Cluster, sale: Sale, history: History, result: Result) -> None:
    result.answers, result.operations = history.answers, len(history.operations)
    result.acknowledged, result.unknown = len(history.acknowledged), history.unknown()
    result.heard = sum(len(heard) for heard in history.heard.values())
    result.violations += dict.fromkeys(history.faults)
    try:
        async with cluster.database.transaction() as session:
            kept = await check_database(session, sale.auction_id)
    except Violation as violation:
        result.violations.append(str(violation))
        return
    stored = {bid.bid_no: bid.amount_minor for bid in kept.bids}
    result.stored = len(stored)
    lost = {number: amount for number, amount in history.acknowledged.items() if stored.get(number) != amount}
    result.lost = len(lost)
    if lost:
        result.violations.append(f"I-04: acknowledged bids are lost: {lost}")
    if invented := set(stored.values()) - history.sent:
        result.violations.append(f"I-04: nobody sent bids of {invented}")
    try:
        ended = Operation(float("-inf"), float("inf"), Close())
        of_history([*history.operations, ended], stored)
        result.histories = 1
    except Violation as violation:
        result.violations.append(str(violation))
    result.violations += _gaps(history, kept)
    end = kept.record.facts[-1].at
    if kept.row.ends_at is not None:
        result.closed_seconds_late = round((end - kept.row.ends_at).total_seconds(), 3)


def _gaps(history: History, kept: Stored) -> list[str]:
    """I-25: each watcher heard every event from the first to the last once, in order, as it is stored."""
    due = [(link.seq, link.kind, link.hash.hex()) for link in kept.links]
    wrong = []
    for name, heard in history.heard.items():
        told = [(one["seq"], one["kind"], one["hash"]) for one in heard]
        if told != due:
            wrong.append(f"I-25: {name} heard {len(told)} events of {len(due)}, or in another order")
    return wrong
