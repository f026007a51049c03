"""The life of a redaction: asked for by one person, decided by another."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class RedactionStatus(StrEnum):
    """Where a redaction stands."""

    REQUESTED = "requested"
    DONE = "done"
    REFUSED = "refused"


MACHINE: Final = Machine(
    name="redaction",
    initial=RedactionStatus.REQUESTED,
    transitions={
        RedactionStatus.REQUESTED: frozenset({RedactionStatus.DONE, RedactionStatus.REFUSED}),
        RedactionStatus.DONE: frozenset(),
        RedactionStatus.REFUSED: frozenset(),
    },
)
