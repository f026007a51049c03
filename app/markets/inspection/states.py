"""The life of a slot: open until the seller cancels it. That it is over, its times say."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class SlotStatus(StrEnum):
    """Whether a slot can be booked."""

    OPEN = "open"
    CANCELLED = "cancelled"


MACHINE: Final = Machine(
    name="inspection_slot",
    initial=SlotStatus.OPEN,
    transitions={SlotStatus.OPEN: frozenset({SlotStatus.CANCELLED}), SlotStatus.CANCELLED: frozenset()},
)
