"""Wire shapes of a bundle's division."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kit.dates import Instant
from app.kit.schemas import Input, MoneyOut, Output

ShareBp = Annotated[int, Field(ge=1, le=10_000, description="Basis points; all together 10000.")]


class PriceShareIn(Input):
    """One right's share in the price."""

    achievement_id: UUID
    share_bp: ShareBp


class AllocationIn(Input):
    """How one price is divided over the rights of a bundle."""

    shares: Annotated[list[PriceShareIn], Field(min_length=2, max_length=20)]


class PriceShareOut(Output):
    """One right's share; `amount` once the offering is awarded, exact to the fen."""

    achievement_id: UUID
    title: str
    share_bp: int
    amount: MoneyOut | None


class PriceHolderOut(Output):
    """Who holds one of the rights, and since when he agrees to the division as it stands."""

    party_id: UUID
    name: str
    agreed_at: Instant | None


class AllocationOut(Output):
    """The division of a bundle's price, for its holders and the market's staff."""

    offering_id: UUID
    shares: list[PriceShareOut]
    holders: list[PriceHolderOut]
    agreed: bool = Field(
        description="Whether the notice may go out: every right has its share, every holder agrees."
    )
