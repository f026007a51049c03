"""What callers send about achievements; a description itself is `rules/description.py`."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.kit.money import Money
from app.kit.paging import LIMIT_MAX
from app.kit.schemas import Input, Line, QueryInput, RegionCode, ShortText
from app.listings import states
from app.listings.rules.description import AchievementContent


class AchievementIn(AchievementContent):
    """A new achievement, as a draft."""

    region_code: RegionCode | None = Field(None, description="Left out: the holder's region.")
    on_behalf_of: UUID | None = Field(
        None, description="The party that owns it, where a clerk types it in for somebody else (代录)."
    )


class ReviewReasonIn(Input):
    """Why. The owner reads it."""

    reason: ShortText


class ListQuery(QueryInput):
    """The filters of the public list."""

    q: Line | None = Field(None, description="Words in number, title, keywords or abstract; all of them.")
    tech_field: states.TechField | None = None
    achievement_class: states.AchievementClass | None = None
    region: RegionCode | None = None
    trl_gte: Annotated[int, Field(ge=1, le=13)] | None = None
    trl_lte: Annotated[int, Field(ge=1, le=13)] | None = None
    cooperation_mode: states.CooperationMode | None = None
    price_gte: Money | None = None
    price_lte: Money | None = None
    holder: UUID | None = None
    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX)] = 50
