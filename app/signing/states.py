"""The states of a key. A retired key signs no more; what it signed stays good."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class KeyStatus(StrEnum):
    """What a key may do."""

    ACTIVE = "active"
    RETIRED = "retired"


MACHINE: Final = Machine(
    name="signing_key",
    initial=KeyStatus.ACTIVE,
    transitions={KeyStatus.ACTIVE: frozenset({KeyStatus.RETIRED}), KeyStatus.RETIRED: frozenset()},
)
