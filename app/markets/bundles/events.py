"""What the division of a bundle's price tells: to its holders only."""

from typing import ClassVar
from uuid import UUID

from app.events.model import Event


class PriceAllocated(Event):
    """The seller has divided the price over the rights; every holder is asked to agree. `parties`: the holders."""

    kind: ClassVar[str] = "markets.price_allocated"
    subject: ClassVar[str] = "offering"

    offering_number: str
    title: str
    shares_bp: tuple[int, ...]


class PriceAllocationAgreed(Event):
    """A holder agrees to the division. `parties`: the holders."""

    kind: ClassVar[str] = "markets.price_allocation_agreed"
    subject: ClassVar[str] = "offering"

    offering_number: str
    party_id: UUID


EVENTS: tuple[type[Event], ...] = (PriceAllocated, PriceAllocationAgreed)
