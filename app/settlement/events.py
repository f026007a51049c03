"""What settlement tells: the life of a deposit, to its payer only. Nobody else learns that he has one."""

from typing import ClassVar
from uuid import UUID

from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money


class DepositEvent(Event):
    """What every event of a deposit carries. `reference_id` is the registration that it secures."""

    subject: ClassVar[str] = "deposit"

    number: str
    reference_id: UUID
    payer_party_id: UUID
    amount: Money
    currency: str


class DepositRequired(DepositEvent):
    """A deposit is to arrive by `due_at`; its number goes into the remittance note."""

    kind = "settlement.deposit_required"

    due_at: Instant


class DepositHeld(DepositEvent):
    """The money has arrived, in time, from its payer. `posted_at` is the bank's time."""

    kind = "settlement.deposit_held"

    posted_at: Instant


class DepositReleased(DepositEvent):
    """The money is owed back to the payer."""

    kind = "settlement.deposit_released"

    reason: str


class DepositApplied(DepositEvent):
    """The money counts towards the price of a contract; `refund` of it is owed back where it exceeds the price."""

    kind = "settlement.deposit_applied"

    contract_id: UUID
    refund: Money


class DepositDivided(DepositEvent):
    """Part of the money now secures a lot that its payer won, as a deposit of its own; `amount` is what is left here."""

    kind = "settlement.deposit_divided"

    into_number: str
    into_reference_id: UUID
    into_amount: Money


class DepositForfeited(DepositEvent):
    """The money is taken by a decision."""

    kind = "settlement.deposit_forfeited"

    decision_reference: str
    reason: str


class DepositLapsed(DepositEvent):
    """The money never came, and is not expected any more."""

    kind = "settlement.deposit_lapsed"

    reason: str


EVENTS: tuple[type[Event], ...] = (
    DepositRequired,
    DepositHeld,
    DepositReleased,
    DepositApplied,
    DepositDivided,
    DepositForfeited,
    DepositLapsed,
)
