"""Prints what a long start does, with the time of each step."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Steps:
    """A numbered list of steps on the terminal."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the first step began."""
        return time.monotonic() - self._began

    @contextmanager
    def step(self, zh: str, en: str) -> Iterator[list[str]]:
        """One step. What the body appends to the list is printed behind the step's time."""
        began = time.monotonic()
        notes: list[str] = []
        yield notes
        note = f"  {' '.join(notes)}" if notes else ""
        print(f"  {time.monotonic() - began:6.1f} s  {zh} · {en}{note}", flush=True)
