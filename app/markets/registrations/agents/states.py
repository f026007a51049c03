"""Why an agent was appointed."""

from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """Why a party names an agent, or another one."""

    NAMED = "named"
    REPLACED = "replaced"
    ILLNESS = "illness"
    ACCIDENT = "accident"
    INCAPACITY = "incapacity"
    DEATH = "death"


NATURAL: Final = (Cause.ILLNESS, Cause.ACCIDENT, Cause.INCAPACITY, Cause.DEATH)
"""Causes that nobody chooses: they count during the bidding, too."""
