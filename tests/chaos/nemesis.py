"""What goes wrong during a storm: one fault after the other, chosen by a seed, each undone after a while."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from tests.chaos.cluster import Cluster, Node, family, signal_all

Fault = Callable[[Cluster, random.Random], Awaitable[None]]


def _some(cluster: Cluster, choice: random.Random) -> Node:
    return choice.choice(cluster.nodes)


async def kill_a_server(cluster: Cluster, choice: random.Random) -> None:
    """F1. kill -9; the other one goes on alone until it is back."""
    node = _some(cluster, choice)
    node.server.kill()
    await asyncio.sleep(choice.uniform(0, 0.5))
    await cluster.restart(node)


async def stop_a_server(cluster: Cluster, choice: random.Random) -> None:
    """F24. A server that stands still while its transactions are open, and goes on as if nothing had been."""
    node = _some(cluster, choice)
    await _stand_still([node.server.process.pid], choice.uniform(0.5, 2.5))


async def kill_the_worker(cluster: Cluster, choice: random.Random) -> None:
    """F2. kill -9 of the worker, wherever it is."""
    cluster.worker.send_signal(signal.SIGKILL)
    cluster.worker.wait(10)
    await asyncio.sleep(choice.uniform(0, 0.5))
    cluster.start_worker()


async def stop_the_worker(cluster: Cluster, choice: random.Random) -> None:
    """F24. A worker that stands still."""
    await _stand_still([cluster.worker.pid], choice.uniform(0.5, 2.5))


async def kill_postgres(cluster: Cluster, _: random.Random) -> None:
    """F3. kill -9 of the postmaster and all its children."""
    await cluster.kill_postgres()


async def stop_postgres(cluster: Cluster, choice: random.Random) -> None:
    """F4. The database hangs."""
    await _stand_still(family(cluster.engines.servers.postgres.child), choice.uniform(0.5, 2.5))


async def kill_redis(cluster: Cluster, _: random.Random) -> None:
    """F5. kill -9 of Valkey."""
    await cluster.kill_redis()


async def stop_redis(cluster: Cluster, choice: random.Random) -> None:
    """F5. Valkey hangs."""
    await _stand_still(family(cluster.engines.servers.valkey.child), choice.uniform(0.5, 2.0))


async def flush_redis(cluster: Cluster, _: random.Random) -> None:
    """F5. FLUSHALL: nothing there may be missed."""
    await asyncio.to_thread(cluster.flush_redis)


async def cut_clients(cluster: Cluster, choice: random.Random) -> None:
    """F6. Nobody reaches one of the servers."""
    line = _some(cluster, choice).front
    line.cut()
    await asyncio.sleep(choice.uniform(0.2, 1.0))
    line.mend()


async def drop_replies(cluster: Cluster, choice: random.Random) -> None:
    """F6. Requests arrive, answers do not."""
    for node in cluster.nodes:
        node.front.drop_replies(choice.randint(2, 8))
    await asyncio.sleep(choice.uniform(0.3, 0.8))


async def slow_lines(cluster: Cluster, choice: random.Random) -> None:
    """F6. Everything takes longer, also between a server and its database."""
    node = _some(cluster, choice)
    for line in (node.front, node.back):
        line.delay(choice.uniform(0.01, 0.04))
    await asyncio.sleep(choice.uniform(0.5, 1.5))
    for line in (node.front, node.back):
        line.mend()


async def cut_the_database(cluster: Cluster, choice: random.Random) -> None:
    """F6. A server loses its database in the middle of whatever it does: also of a commit."""
    for _ in range(choice.randint(1, 5)):
        choice.choice(cluster.wires).break_all()
        await asyncio.sleep(choice.uniform(0, 0.3))


async def lose_database_replies(cluster: Cluster, choice: random.Random) -> None:
    """F6. What the database says is lost, and with it whether a commit took place."""
    wire = choice.choice(cluster.wires)
    wire.drop_replies(choice.randint(1, 6))
    await asyncio.sleep(choice.uniform(0.3, 0.8))
    wire.mend()


async def hold_the_database(cluster: Cluster, choice: random.Random) -> None:
    """F4. A black hole between a server and its database."""
    wire = choice.choice(cluster.wires)
    wire.hold()
    await asyncio.sleep(choice.uniform(0.5, 2.5))
    wire.mend()


async def _stand_still(pids: list[int], seconds: float) -> None:
    signal_all(pids, signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        signal_all(pids, signal.SIGCONT)


FAULTS: Final[tuple[Fault, ...]] = (
    kill_a_server,
    stop_a_server,
    kill_the_worker,
    stop_the_worker,
    kill_postgres,
    stop_postgres,
    kill_redis,
    stop_redis,
    flush_redis,
    cut_clients,
    drop_replies,
    slow_lines,
    cut_the_database,
    lose_database_replies,
    hold_the_database,
)


FAULTS_LEAST: Final = 2


async def rage(cluster: Cluster, seed: int, seconds: float, done: Counter[str]) -> None:
    """Faults for so long, every kind once before any comes again. Counts what it did in `done`.

    Two at least, however long the first one took on a busy machine.
    """
    choice = random.Random(f"{seed}/nemesis")
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    left: list[Fault] = []
    while loop.time() < until or done.total() < FAULTS_LEAST:
        if not left:
            left = choice.sample(FAULTS, len(FAULTS))
        fault = left.pop()
        try:
            await fault(cluster, choice)
        finally:
            cluster.mend()
        done[fault.__name__] += 1
        await asyncio.sleep(choice.uniform(0.3, 0.9))
