"""What must always hold, whatever is interleaved and whatever fails: one module per invariant, named by its id.

A checker looks at one decision (`of_step`), at a whole record (`of_record`), at what clients saw (`of_history`) or at
what is stored (`of_database`), and raises `Violation`. Simulation, stateful tests and fault tests all run these.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tests.invariants import (
    i_01,
    i_02,
    i_05,
    i_06,
    i_07,
    i_08,
    i_09,
    i_10,
    i_11,
    i_12,
    i_17,
    i_18,
    i_24,
    i_33,
    i_34,
)
from tests.invariants.record import Record, Step, Violation
from tests.invariants.stored import Stored, stored

STEPS: Final[dict[str, Callable[[Step], None]]] = {
    "I-02": i_02.of_step,
    "I-06": i_06.of_step,
    "I-07": i_07.of_step,
    "I-08": i_08.of_step,
    "I-10": i_10.of_step,
    "I-11": i_11.of_step,
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

DATABASE: Final[dict[str, Callable[[AsyncSession, Stored], Awaitable[None]]]] = {
    "I-02": i_02.of_database,
    "I-05": i_05.of_database,
    "I-09": i_09.of_database,
    "I-12": i_12.of_database,
    "I-17": i_17.of_database,
    "I-18": i_18.of_database,
    "I-24": i_24.of_database,
    "I-33": i_33.of_database,
    "I-34": i_34.of_database,
}


def check_step(step: Step) -> None:
    """Everything that holds between two states."""
    for check in STEPS.values():
        check(step)


def check_record(record: Record) -> None:
    """Everything that holds of a whole record."""
    for check in RECORDS.values():
        check(record)


async def check_database(session: AsyncSession, auction_id: UUID) -> Stored:
    """Everything that holds of a sale as it is stored, its record included."""
    sale = await stored(session, auction_id)
    check_record(sale.record)
    for check in DATABASE.values():
        await check(session, sale)
    return sale


__all__ = [
    "DATABASE",
    "RECORDS",
    "STEPS",
    "Record",
    "Step",
    "Stored",
    "Violation",
    "check_database",
    "check_record",
    "check_step",
]
