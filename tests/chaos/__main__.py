"""`python -m tests.chaos` (what `make chaos` runs): storms of several seeds over real processes.

SEEDS=n says how many, SEED=n with which one to begin (else it is drawn), SECONDS=n how long each storm lasts.
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from app.config import ROOT
from tests.chaos.cluster import Engines
from tests.chaos.storm import Result, storm
from tests.results import commit, write

SEEDS = int(os.environ.get("SEEDS", "6"))
SECONDS = float(os.environ.get("SECONDS", "15"))


def main() -> int:
    """Run the storms; 0 only if nothing was violated."""
    first = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"故障 · chaos: {SEEDS} storms of {SECONDS:.0f} s, SEED={first}", flush=True)
    with Engines() as engines, tempfile.TemporaryDirectory() as logs:
        results = asyncio.run(_storms(engines, first, Path(logs)))
    _write(results)
    return _total(results) | _long_tests()


def _long_tests() -> int:
    """The tests that take too long for every run: outages across a close."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:schemathesis", "-m", "chaos_long"]
    return int(subprocess.run([*command, "tests/chaos"], cwd=ROOT, check=False).returncode != 0)


async def _storms(engines: Engines, first: int, logs: Path) -> list[Result]:
    """One after the other, in one loop: servers live as long as the threads that started them."""
    results = []
    for seed in range(first, first + SEEDS):
        result = await storm(engines, seed, SECONDS, logs / f"storm.{seed}")
        results.append(result)
        _tell(result)
    return results


def _tell(result: Result) -> None:
    print(f"  {result.line()}", flush=True)
    for violation in result.violations:
        print(f"    {violation}", flush=True)


def _total(results: list[Result]) -> int:
    faults: Counter[str] = sum((result.faults for result in results), Counter())
    answers: Counter[str] = sum((result.answers for result in results), Counter())
    violations = sum(len(result.violations) for result in results)
    print("  faults: " + ", ".join(f"{name} {times}" for name, times in sorted(faults.items())))
    print("  answers: " + ", ".join(f"{name} {times}" for name, times in sorted(answers.items())))
    print(
        f"{len(results)} storms, {sum(r.operations for r in results)} operations,"
        f" {sum(r.acknowledged for r in results)} acknowledged bids, {sum(r.lost for r in results)} lost,"
        f" {sum(r.unknown for r in results)} of unknown outcome,"
        f" {sum(r.histories for r in results)} histories linearizable, {violations} violations",
        flush=True,
    )
    return 1 if violations else 0


def _write(results: list[Result]) -> None:
    body = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "seeds": [result.seed for result in results],
        "seconds_each": SECONDS,
        "operations": sum(result.operations for result in results),
        "acknowledged": sum(result.acknowledged for result in results),
        "lost": sum(result.lost for result in results),
        "unknown": sum(result.unknown for result in results),
        "histories_linearizable": sum(result.histories for result in results),
        "violations": sum(len(result.violations) for result in results),
        "storms": [result.plain() for result in results],
    }
    write("chaos.json", body)


if __name__ == "__main__":
    sys.exit(main())
