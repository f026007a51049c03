"""What evidence tells."""

from uuid import UUID

from app.events.model import Event


class HeadPublished(Event):
    """A sale has ended and the head of its record's chain is signed. Keep it: no record can be changed behind it."""

    kind = "evidence.head_published"
    subject = "auction"
    public = True

    number: str
    offering_id: UUID
    seq: int
    hash: str
    signed_at: str
    algorithm: str
    key_id: str
    signature: str


EVENTS: tuple[type[Event], ...] = (HeadPublished,)
