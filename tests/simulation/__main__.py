"""`python -m tests.simulation` (what `make simulate` runs): 10,000 histories of one seed, 0 violations.

SEED=n repeats a run. `--history n` plays a single one and tells what happened in it.
"""

import argparse
import os
import random
import sys
from collections import Counter
from datetime import UTC, datetime

from tests.invariants import RECORDS, STEPS, Violation
from tests.results import commit, write
from tests.simulation.histories import draw, play
from tests.simulation.run import FAILURES_SHOWN, Outcome, run
from tests.simulation.sealed_checks import SEALED_ONLY
from tests.simulation.shrink import shrink, told

CHECKED = sorted({*STEPS, *RECORDS, *SEALED_ONLY, "I-03", "I-04", "I-05"})


def main() -> int:
    """Run the simulation; 0 only if nothing was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=_seed_of_environment())
    parser.add_argument("--histories", type=int, default=int(os.environ.get("HISTORIES", "10000")))
    parser.add_argument("--history", type=int, help="play this one alone and print its record")
    options = parser.parse_args()
    if options.history is not None:
        return _play_one(options.seed, options.history)
    tell = _progress if sys.stdout.isatty() else _now_and_then
    print(f"模拟 · simulation: {options.histories} histories, SEED={options.seed}", flush=True)
    outcome = run(options.seed, options.histories, tell=tell)
    print(flush=True)
    _write(outcome)
    return _tell(outcome)


def _seed_of_environment() -> int:
    return int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))


def _progress(line: str) -> None:
    print(f"\r  {line}", end="", flush=True)


def _now_and_then(line: str) -> None:
    if line.split(" ", 1)[0].endswith("000"):
        print(f"  {line}", flush=True)


def _tell(outcome: Outcome) -> int:
    for violation in outcome.violations[:FAILURES_SHOWN]:
        print(violation)
    if outcome.violations:
        print(f"repeat one: python -m tests.simulation --seed {outcome.seed} --history N")
    told_of = ("bid_placed", "extended", "restart", "suspended", "knocked_down", "passed_in", "cancelled")
    print("  " + "  ".join(f"{name} {outcome.met[name]}" for name in told_of))
    sealed = ("envelope bid", "envelopes_opened", "opening_halted", "further round", "round of the tied")
    print(f"  sealed: {outcome.sealed} histories  " + "  ".join(f"{n} {outcome.met[n]}" for n in sealed))
    print(f"  after every step: {', '.join(CHECKED)}, and the plain reference of the rules")
    print(
        f"{outcome.histories} histories, {len(outcome.violations)} violations, seed {outcome.seed},"
        f" {outcome.seconds:.0f} s",
        flush=True,
    )
    return 1 if outcome.violations else 0


def _write(outcome: Outcome) -> None:
    body = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "seed": outcome.seed,
        "histories": outcome.histories,
        "sealed": outcome.sealed,
        "violations": outcome.violations,
        "checked": CHECKED,
        "met": dict(sorted(outcome.met.items())),
        "seconds": round(outcome.seconds, 1),
    }
    write("simulate.json", body)


def _play_one(seed: int, number: int) -> int:
    script = draw(seed, number)
    try:
        day = play(script)
    except Violation as violation:
        print(told(script, violation))
        print("\nshrunk:\n" + told(shrink(play, script), violation))
        return 1
    for fact in day.market.facts:
        print(f"  {fact.seq:>3}  {fact.at:%H:%M:%S.%f}  {fact.kind}")
    print("  " + "  ".join(f"{name} {times}" for name, times in Counter(day.market.met).most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
