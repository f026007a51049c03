"""Wire shapes of a holder's answer."""

from pydantic import Field

from app.kit.schemas import Input


class AnswerIn(Input):
    """Whether the holder takes the lot at the price found, or gives his right up for this sale."""

    exercise: bool = Field(description="true: he takes it; false: he gives it up.")
