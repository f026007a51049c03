"""What a disposition tells: to the payer and to the seller, nobody else."""

from typing import ClassVar
from uuid import UUID

from app.events.model import Event
from app.kit.money import Money


class DepositDisposed(Event):
    """A forfeited deposit was used up: `costs`, `shortfall` and `seller` sum to `amount`; `claim` is still owed."""

    kind = "settlement.deposit_disposed"
    subject: ClassVar[str] = "deposit"

    payer_party_id: UUID
    seller_party_id: UUID
    amount: Money
    costs: Money
    shortfall: Money
    seller: Money
    claim: Money
    source: str


EVENTS: tuple[type[Event], ...] = (DepositDisposed,)
