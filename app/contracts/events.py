"""What contracts tell, to their two parties only."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.contracts.states import ContractCategory, Side
from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money


class ContractEvent(Event):
    """What every event of a contract carries."""

    subject: ClassVar[str] = "contract"

    number: str
    title: str
    category: ContractCategory
    award_id: UUID
    offering_id: UUID
    offering_number: str
    seller_party_id: UUID
    buyer_party_id: UUID
    amount: Money
    currency: str


class ContractDrafted(ContractEvent):
    """An award has its record; both sides are to confirm it by `confirm_due_on`."""

    kind = "contracts.contract_drafted"

    confirm_due_on: date
    sign_due_on: date


class ContractSideConfirmed(ContractEvent):
    """One side has confirmed; the other is waited for."""

    kind = "contracts.contract_side_confirmed"

    side: Side


class ContractConfirmed(ContractEvent):
    """Both sides have confirmed. A deposit of the buyer's registration now counts towards the price."""

    kind = "contracts.contract_confirmed"

    seller_confirmed_at: Instant
    buyer_confirmed_at: Instant


class ContractVoided(ContractEvent):
    """The award was rescinded for the buyer's default: the record is void."""

    kind = "contracts.contract_voided"

    document_no: str
    reason: str


EVENTS: tuple[type[Event], ...] = (ContractDrafted, ContractSideConfirmed, ContractConfirmed, ContractVoided)
