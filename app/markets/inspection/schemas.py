"""Wire shapes of inspection."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kit.dates import Instant
from app.kit.schemas import Input, Line, Output
from app.markets.inspection.states import SlotStatus


class SlotIn(Input):
    """A time and a place at which an offering can be seen."""

    starts_at: Instant
    ends_at: Instant
    place: Line
    capacity: Annotated[int, Field(ge=1, le=100, description="How many parties can come at once.")]


class InspectionSlotOut(Output):
    """A slot. Who comes is told to nobody; how many do, to the seller."""

    id: UUID
    starts_at: Instant
    ends_at: Instant
    place: str
    capacity: int
    status: SlotStatus
    is_full: bool
    is_mine: bool
    booked: int | None
    version: int


class InspectionOut(Output):
    """The slots of an offering, by their beginning."""

    data: list[InspectionSlotOut]
