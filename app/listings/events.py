"""What listings tells. Public ones carry nothing that the public list does not show."""

from typing import ClassVar
from uuid import UUID

from app.events.model import Event


class _OfAchievement(Event):
    subject: ClassVar[str] = "achievement"

    number: str
    title: str
    holder_party_id: UUID
    region_code: str


class AchievementSubmitted(_OfAchievement):
    """Its holder asks for its review."""

    kind: ClassVar[str] = "listings.achievement_submitted"


class AchievementReturned(_OfAchievement):
    """The operator wants something changed first."""

    kind: ClassVar[str] = "listings.achievement_returned"

    reason: str


class AchievementRegistered(_OfAchievement):
    """The operator has reviewed it: it can be offered for sale."""

    kind: ClassVar[str] = "listings.achievement_registered"


class AchievementPublished(_OfAchievement):
    """It stands in the public list."""

    kind: ClassVar[str] = "listings.achievement_published"
    public: ClassVar[bool] = True

    tech_field: str
    keywords: tuple[str, ...]


class AchievementWithdrawn(Event):
    """It has left the public list. Without its text: a withdrawal may be for the text's sake."""

    kind: ClassVar[str] = "listings.achievement_withdrawn"
    subject: ClassVar[str] = "achievement"
    public: ClassVar[bool] = True

    number: str


class AchievementAbandoned(_OfAchievement):
    """It was withdrawn before the public ever saw it."""

    kind: ClassVar[str] = "listings.achievement_abandoned"

    reason: str


class OwnerConfirmed(_OfAchievement):
    """The owner stands by what was typed in on his behalf."""

    kind: ClassVar[str] = "listings.owner_confirmed"


EVENTS: tuple[type[Event], ...] = (
    AchievementSubmitted,
    AchievementReturned,
    AchievementRegistered,
    AchievementPublished,
    AchievementWithdrawn,
    AchievementAbandoned,
    OwnerConfirmed,
)
