"""Wire shapes of rule profiles."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kit.dates import Instant
from app.kit.schemas import Input, Line, Output, ShortText
from app.markets.parameters import Unit
from app.markets.profiles.model import ProfileCode
from app.markets.profiles.states import DraftStatus
from app.markets.states import Path


class ParameterOut(Output):
    """One value of a rule profile with its unit, its bounds and its source."""

    name: str
    value: int
    unit: Unit
    floor: int | None
    ceiling: int | None
    source: str


class RegionalOut(Output):
    """What a province's own statute sets in place of the profile's values."""

    region: str = Field(description="The leading digits of the region codes (GB/T 2260).")
    parameters: list[ParameterOut]


class ProfileOut(Output):
    """One version of the rules that bind one kind of seller."""

    code: ProfileCode
    version: int
    title_zh: str
    title_en: str
    source: str
    verified: bool = Field(description="False: the values come from texts that were replaced since.")
    sells: bool
    effective_on: date = Field(
        description="Submissions from this day on pin the version, until a later one's day."
    )
    published_at: Instant
    document_no: str | None
    note: str | None
    paths: list[Path]
    parameters: list[ParameterOut]
    regional: list[RegionalOut]


class ProfilesOut(Output):
    """All versions of all profiles."""

    data: list[ProfileOut]


class ProfileDraftIn(Input):
    """Other values for a profile, from a coming day on."""

    code: ProfileCode
    changes: Annotated[
        dict[str, Annotated[int, Field(ge=0, le=10**12)]],
        Field(
            min_length=1,
            max_length=200,
            description="Parameter names as the profiles show them, each with its new value.",
        ),
    ]
    effective_on: date
    document_no: Line
    note: ShortText | None = None


class ProfileRefusalIn(Input):
    """Why a proposed version is not published."""

    reason: ShortText


class ProfileDraftOut(Output):
    """A proposed version and what became of it."""

    id: UUID
    version: int
    code: ProfileCode
    changes: dict[str, int]
    effective_on: date
    document_no: str
    note: str | None
    status: DraftStatus
    proposed_at: Instant
    decided_at: Instant | None
    reason: str | None
    published_version: int | None


class ProfileDraftsOut(Output):
    """The latest proposals, the newest first, at most a hundred."""

    data: list[ProfileDraftOut]
