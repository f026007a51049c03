"""Wire shapes of holders of first refusal."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kit.schemas import Input, Line, Output
from app.markets.priority.states import Basis, Reach


class PriorityHolderIn(Input):
    """A holder, why he is one, and how he was told."""

    party_id: UUID
    rank: Annotated[int, Field(ge=1, le=20, description="1 is the best; equal ranks may be shared.")]
    basis: Basis
    reach: Reach = Reach.PENDING
    told_on: date | None = None
    document_no: Line | None = None


class PriorityHoldersIn(Input):
    """All holders of an offering; they replace those that were named before."""

    holders: Annotated[list[PriorityHolderIn], Field(max_length=20)]


class PriorityHolderOut(Output):
    """A holder of a right of first refusal."""

    party_id: UUID
    name: str
    rank: int
    basis: Basis
    source: str = Field(description="Where the right comes from; a statute only where it binds this sale.")
    reach: Reach
    told_on: date | None
    document_no: str | None


class PriorityHoldersOut(Output):
    """All holders of an offering, in the seller's order."""

    data: list[PriorityHolderOut]
