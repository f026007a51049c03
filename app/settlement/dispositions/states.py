"""The machine of a disposition, and the purposes of its lines in their order."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class DispositionStatus(StrEnum):
    """A disposition of a forfeited deposit: proposed by one person, confirmed by another."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


S = DispositionStatus
MACHINE: Final[Machine[DispositionStatus]] = Machine(
    "deposit_disposition", S.PROPOSED, {S.PROPOSED: frozenset({S.CONFIRMED, S.REFUSED})}
)


class Purpose(StrEnum):
    """What a line of a disposition is for, in the order in which the deposit is used up."""

    COSTS = "costs"
    SHORTFALL = "shortfall"
    SELLER = "seller"
