"""What must always hold, whatever is interleaved and whatever fails: one module per invariant, named by its id.

A checker looks at one decision (`of_step`), at a whole record (`of_record`), at what clients saw (`of_history`) or at
what is stored (`of_database`), and raises `Violation`. Simulation, stateful tests and fault tests all run these.
"""

from collections.abc import Callable
from typing import Final

from tests.invariants import i_01, i_02, i_06, i_07, i_08, i_12, i_34
from tests.invariants.record import Record, Step, Violation

STEPS: Final[dict[str, Callable[[Step], None]]] = {
    "I-02": i_02.of_step,
    "I-06": i_06.of_step,
    "I-07": i_07.of_step,
    "I-08": i_08.of_step,
}

RECORDS: Final[dict[str, Callable[[Record], None]]] = {
    "I-01": i_01.of_record,
    "I-02": i_02.of_record,
    "I-06": i_06.of_record,
    "I-07": i_07.of_record,
    "I-08": i_08.of_record,
    "I-12": i_12.of_record,
    "I-34": i_34.of_record,
}


def check_step(step: Step) -> None:
    """Everything that holds between two states."""
    for check in STEPS.values():
        check(step)


def check_record(record: Record) -> None:
    """Everything that holds of a whole record."""
    for check in RECORDS.values():
        check(record)


__all__ = ["RECORDS", "STEPS", "Record", "Step", "Violation", "check_record", "check_step"]
