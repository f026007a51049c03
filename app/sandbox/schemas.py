"""Shapes of the sandbox's clock."""

from pydantic import Field, model_validator

from app.db.clock import ADVANCE_SECONDS_MAX, RATE_MAX
from app.kit.dates import Instant
from app.kit.schemas import Input, Output


class ClockIn(Input):
    """How to move the clock. It only moves forward."""

    advance_seconds: int = Field(
        0, ge=0, le=ADVANCE_SECONDS_MAX, description="Market seconds to leap forward."
    )
    rate: int | None = Field(
        None, ge=1, le=RATE_MAX, description="Market seconds per real second from now on."
    )

    @model_validator(mode="after")
    def _something(self) -> "ClockIn":
        if not self.advance_seconds and self.rate is None:
            raise ValueError("give advance_seconds above 0, or rate, or both")
        return self


class ClockOut(Output):
    """The clock after the move."""

    at: Instant
    rate: int
