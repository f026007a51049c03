"""What callers send about achievements."""

from uuid import UUID

from pydantic import Field

from app.kit.schemas import Input, Line, RegionCode, ShortText, Text
from app.listings import states
from app.listings.rules.description import AchievementContent, AchievementFields


class AchievementIn(AchievementContent):
    """A new achievement, as a draft."""

    region_code: RegionCode | None = Field(None, description="Left out: the holder's region.")
    on_behalf_of: UUID | None = Field(
        None, description="The party that owns it, where a clerk types it in for somebody else (代录)."
    )


class AchievementPatch(AchievementFields):
    """Changes to a draft or a returned achievement: what is sent replaces, what is left out stays."""

    title: Line | None = None
    abstract: Text | None = None
    tech_field: states.TechField | None = None


class ReasonIn(Input):
    """Why. The owner reads it."""

    reason: ShortText
