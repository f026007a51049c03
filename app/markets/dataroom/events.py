"""What a data room tells. Who asked or signed stands in none of it."""

from typing import ClassVar
from uuid import UUID

from app.events.model import Event


class QuestionAsked(Event):
    """Somebody has asked about an offering. `parties`: the seller."""

    kind: ClassVar[str] = "markets.question_asked"
    subject: ClassVar[str] = "offering"

    question_id: UUID
    text: str


class QuestionAnswered(Event):
    """A question was answered, for everybody."""

    kind: ClassVar[str] = "markets.question_answered"
    subject: ClassVar[str] = "offering"
    public: ClassVar[bool] = True

    question_id: UUID
    text: str
    answer: str


EVENTS: tuple[type[Event], ...] = (QuestionAsked, QuestionAnswered)
