"""The histories of a seed, rising sales and sealed ones: which kind each is, the seed decides."""

import random
from typing import Final

from tests.simulation import day, script
from tests.simulation.script import Script
from tests.simulation.sealed_day import SealedDay
from tests.simulation.sealed_script import draw_sealed

SEALED_SHARE: Final = 1 / 3


def is_sealed(seed: int, number: int) -> bool:
    """Whether history `number` of a seed is a sealed sale."""
    return random.Random(f"{seed}/{number}/kind").random() < SEALED_SHARE


def draw(seed: int, number: int) -> Script:
    """History `number` of a seed: always the same."""
    return draw_sealed(seed, number) if is_sealed(seed, number) else script.draw(seed, number)


def play(drawn: Script) -> day.Day:
    """Play a history of either kind; raises `Violation` where something that must hold does not."""
    if drawn.terms.sealed is None:
        return day.play(drawn)
    sealed = SealedDay(drawn)
    sealed.play()
    return sealed
