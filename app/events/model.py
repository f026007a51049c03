"""What an event is: a closed, versioned, self-contained value with an audience."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.kit.dates import Instant


class Event(BaseModel):
    """One thing that happened. Subclasses are past participles and add their facts as fields.

    kind: `room.past_participle`, stable.
    subject: what `subject_id` identifies, such as `offering`.
    public: whether anybody may see it; such an event never carries a name that is not public.
    parties: the organisations in whose stream it appears; not part of the payload.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    subject: ClassVar[str]
    public: ClassVar[bool] = False

    subject_id: UUID
    at: Instant
    parties: tuple[UUID, ...] = Field(default=(), exclude=True, json_schema_extra={"internal": True})

    def written(self) -> "Written":
        """The event as the outbox takes it."""
        return Written(type(self), self.subject_id, self.at, self.parties, self.model_dump_json())


@dataclass(frozen=True, slots=True)
class Written:
    """An event whose payload is written already: `Event.written`, or its equal for a kind that comes in thousands."""

    of: type[Event]
    subject_id: UUID
    at: datetime
    parties: tuple[UUID, ...]
    payload: str
