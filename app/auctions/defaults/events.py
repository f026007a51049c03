"""What a default tells. The public learns that the sale failed after all; whose default it was is the parties' affair."""

from typing import ClassVar, Final
from uuid import UUID

from app.auctions.defaults.states import Ground
from app.events.model import Event
from app.kit.money import Money


class SaleDefaulted(Event):
    """The buyer of a sale was found in default; the award no longer counts. Public, by number only."""

    kind: ClassVar[str] = "auctions.sale_defaulted"
    subject: ClassVar[str] = "auction"
    public: ClassVar[bool] = True

    number: str
    offering_id: UUID
    title: str
    price: Money
    source: str


class BuyerDefaulted(Event):
    """The buyer was found in default, his deposit is forfeited. `parties`: seller and buyer."""

    kind: ClassVar[str] = "auctions.buyer_defaulted"
    subject: ClassVar[str] = "auction"

    number: str
    award_id: UUID
    seller_party_id: UUID
    buyer_party_id: UUID
    ground: Ground
    document_no: str
    reason: str
    price: Money
    forfeited: Money
    source: str


EVENTS: Final[tuple[type[Event], ...]] = (SaleDefaulted, BuyerDefaulted)
