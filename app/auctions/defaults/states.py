"""The machine of a finding of default, and the grounds that there are for one."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class DefaultStatus(StrEnum):
    """A finding of default: proposed by one person, decided by another."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


S = DefaultStatus
MACHINE: Final[Machine[DefaultStatus]] = Machine(
    "buyer_default", S.PROPOSED, {S.PROPOSED: frozenset({S.CONFIRMED, S.REFUSED})}
)


class Ground(StrEnum):
    """What the buyer did not do."""

    DECLARED = "declared"
    """He declared in writing that he will not take the lot."""
    NOT_CONFIRMED = "not_confirmed"
    """He did not sign the confirmation record in time."""
    NOT_SIGNED = "not_signed"
    """He did not sign the contract in time."""
    NOT_PAID = "not_paid"
    """He did not pay in time."""
