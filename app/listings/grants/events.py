"""What grants tell: to the holder and to whoever has the right."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.events.model import Event
from app.listings.grants.states import GrantEnd, GrantSource, ModeClass


class RightGranted(Event):
    """A right was granted, or a contract made elsewhere was entered. `parties`: the holder, the grantee."""

    kind: ClassVar[str] = "listings.right_granted"
    subject: ClassVar[str] = "achievement"

    source: GrantSource
    source_id: UUID
    mode_class: ModeClass
    rights: tuple[str, ...]
    starts_on: date
    ends_on: date | None


class RightEnded(Event):
    """A grant no longer stands. `parties`: as above."""

    kind: ClassVar[str] = "listings.right_ended"
    subject: ClassVar[str] = "achievement"

    source: GrantSource
    source_id: UUID
    rights: tuple[str, ...]
    reason: GrantEnd


EVENTS = (RightGranted, RightEnded)
