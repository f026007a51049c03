"""The increment ladder 加价幅度: which raise counts at which price. Fixed, or stepped by price band."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

BANDS_MAX: Final = 12
"""A ladder that nobody can keep in mind helps nobody (house rule)."""


_USUAL: Final = (
    (0, 100_000),
    (5, 500_000),
    (20, 1_000_000),
    (50, 2_000_000),
    (100, 5_000_000),
    (200, 10_000_000),
)
"""From so many 万元, an increment of so many fen."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """From this price on, raises are multiples of this increment. Both in fen."""

    from_minor: int
    increment_minor: int


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """Steps in rising order of price; the first begins at 0. The increment in force is that of the current price."""

    steps: tuple[Step, ...]

    @classmethod
    def fixed(cls, increment_minor: int) -> "Ladder":
        """One increment at every price."""
        return cls(steps=(Step(from_minor=0, increment_minor=increment_minor),))

    @classmethod
    def usual(cls) -> "Ladder":
        """What the trade uses where nobody chose: 0.1 万 below 5 万, up to 10 万 from 200 万 on. House rule."""
        return cls(
            steps=tuple(
                Step(from_minor=from_wan * 1_000_000, increment_minor=increment_minor)
                for from_wan, increment_minor in _USUAL
            )
        )

    def increment_at(self, price_minor: int) -> int:
        """The increment in force, in fen, while the highest bid (or the start price) is this."""
        return next(s.increment_minor for s in reversed(self.steps) if s.from_minor <= price_minor)

    def highest_step(self, first_minor: int, limit_minor: int) -> int:
        """The highest amount within a limit that single steps reach from `first_minor` (itself within it). Fen."""
        at = first_minor
        while (after := self._next_band(at)) is not None and after <= limit_minor:
            at = after
        increment = self.increment_at(at)
        return at + (limit_minor - at) // increment * increment

    def step_below(self, first_minor: int, step_minor: int) -> int:
        """The step before `step_minor`, which single steps reach from the lower `first_minor`. Fen."""
        at = first_minor
        while (after := self._next_band(at)) is not None and after < step_minor:
            at = after
        return step_minor - self.increment_at(at)

    def _next_band(self, at_minor: int) -> int | None:
        """The first step from here that lies in a later band."""
        later = next((step.from_minor for step in self.steps if step.from_minor > at_minor), None)
        if later is None:
            return None
        increment = self.increment_at(at_minor)
        return at_minor + -(-(later - at_minor) // increment) * increment

    def flaw(self) -> str | None:
        """The English name of the first thing wrong with the ladder, or None."""
        return _flaw(self.steps)


def _flaw(steps: Sequence[Step]) -> str | None:
    if not 1 <= len(steps) <= BANDS_MAX:
        return f"a ladder has 1 to {BANDS_MAX} steps"
    if steps[0].from_minor != 0:
        return "the first step begins at 0.00"
    if any(step.increment_minor <= 0 for step in steps):
        return "an increment is above 0.00"
    if any(a.from_minor >= b.from_minor for a, b in pairwise(steps)):
        return "steps begin at rising prices"
    return None
