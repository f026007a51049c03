"""Wire shapes of evidence. The record's own shape is `rules.shape.AuctionRecord`."""

from uuid import UUID

from app.kit.dates import Instant
from app.kit.schemas import Output, Page


class HeadOut(Output):
    """The signed head of an ended sale's record."""

    auction_id: UUID
    seq: int
    hash: str
    signed_at: Instant
    algorithm: str
    key_id: str
    signature: str


HeadPage = Page[HeadOut]
