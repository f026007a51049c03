"""Bidder codes 竞买代码: drawn at random, so that a code tells neither who came nor in what order nor how many.

The draw itself is outside: a rule is handed the shuffled numbers.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

NUMBERS: Final = range(1000, 10_000)
"""Four digits: enough that the numbers drawn say nothing about how many were."""


def assign(registration_ids: Sequence[UUID], shuffled: Sequence[int]) -> dict[UUID, str]:
    """A code for each registration: the first numbers of a random permutation of `NUMBERS`.

    Raises ValueError where the numbers are not distinct, not of the range, or too few: a draw that is not a draw.
    """
    drawn = list(shuffled[: len(registration_ids)])
    if len(drawn) < len(registration_ids):
        raise ValueError("more registrations than numbers")
    if len(set(drawn)) != len(drawn) or any(number not in NUMBERS for number in drawn):
        raise ValueError("the numbers are not a draw from the range")
    return {registration: f"{number}" for registration, number in zip(registration_ids, drawn, strict=True)}
