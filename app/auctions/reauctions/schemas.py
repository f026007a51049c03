"""Wire shapes of re-auctions."""

from datetime import date

from pydantic import Field

from app.auctions.schemas import TermsIn
from app.kit.schemas import Input, Line


class ReauctionIn(Input):
    """The terms of the re-auction: the same as before, but for the start price, the deposit and the reserve."""

    terms: TermsIn
    decision_document_no: Line | None = Field(
        default=None,
        description="The unit's paper on a lower price, where it sells by an internal decision.",
    )
    decided_on: date | None = None
