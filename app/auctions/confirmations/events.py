"""What confirmation records tell, to the two sides only."""

from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from app.auctions.confirmations.states import ConfirmationStatus, Signatory
from app.events.model import Event
from app.kit.money import Money


class ConfirmationIssued(Event):
    """The close has written its confirmation record; both sides sign it by `due_on`."""

    kind: ClassVar[str] = "auctions.confirmation_issued"
    subject: ClassVar[str] = "sale_confirmation"

    number: str
    auction_id: UUID
    auction_number: str
    title: str
    bidder_code: str
    amount: Money
    due_on: date


class ConfirmationSigned(Event):
    """One side has signed; `status` says whether both have."""

    kind: ClassVar[str] = "auctions.confirmation_signed"
    subject: ClassVar[str] = "sale_confirmation"

    number: str
    auction_id: UUID
    side: Signatory
    status: ConfirmationStatus


class ConfirmationVoided(Event):
    """The buyer defaulted: the record is void."""

    kind: ClassVar[str] = "auctions.confirmation_voided"
    subject: ClassVar[str] = "sale_confirmation"

    number: str
    auction_id: UUID


EVENTS: Final[tuple[type[Event], ...]] = (ConfirmationIssued, ConfirmationSigned, ConfirmationVoided)
