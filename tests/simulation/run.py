"""Many histories of one seed, over the processors there are."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.invariants import Violation
from tests.simulation.histories import draw, is_sealed, play
from tests.simulation.shrink import shrink, told

CHUNK = 100
FAILURES_SHOWN = 3
SECONDS_MAX = 10


@dataclass
class Outcome:
    """What a run came to."""

    seed: int
    histories: int = 0
    sealed: int = 0
    """How many of them were sealed sales."""
    violations: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


@contextmanager
def _bounded() -> Iterator[None]:
    """A history that does not come to its end is a fault like any other."""

    def give_up(_: int, __: object) -> None:
        raise TimeoutError(f"not played to its end within {SECONDS_MAX} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(SECONDS_MAX)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def part(seed: int, first: int, count: int) -> Outcome:
    """Some histories, one after the other."""
    outcome = Outcome(seed)
    for number in range(first, first + count):
        script = draw(seed, number)
        outcome.histories += 1
        outcome.sealed += is_sealed(seed, number)
        try:
            with _bounded():
                outcome.met.update(play(script).market.met)
        except Violation as violation:
            small = shrink(play, script) if len(outcome.violations) < FAILURES_SHOWN else script
            outcome.violations.append(told(small, violation))
        except Exception as error:  # whatever breaks is told with the history that broke it
            outcome.violations.append(f"history {script.name}: {type(error).__name__}: {error}")
    return outcome


def run(seed: int, histories: int, *, tell: Callable[[str], None] | None = None) -> Outcome:
    """Play histories 0 .. n-1 of a seed. tell: hears of the progress."""
    began, whole = time.monotonic(), Outcome(seed)
    parts = [(seed, first, min(CHUNK, histories - first)) for first in range(0, histories, CHUNK)]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        for done in pool.imap_unordered(_part, parts):
            whole.histories += done.histories
            whole.sealed += done.sealed
            whole.violations += done.violations
            whole.met += done.met
            whole.seconds = time.monotonic() - began
            if tell is not None:
                tell(f"{whole.histories} / {histories}  {len(whole.violations)} violations")
    return whole


def _part(arguments: tuple[int, int, int]) -> Outcome:
    return part(*arguments)
