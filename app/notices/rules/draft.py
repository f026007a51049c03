"""What a room gives to have a notice published, and what every notice must obey. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.calendar.rules import Period
from app.kit.errors import HOUSE_RULE
from app.notices.errors import (
    NoticeContentIncomplete,
    NoticeContentUnknown,
    NoticePeriodTooShort,
    ObjectionProcedureMissing,
    PlaceMissing,
)
from app.notices.rules.fields import FIELDS, REQUIRED
from app.notices.states import NoticeKind, PlaceKind


@dataclass(frozen=True, kw_only=True)
class ObjectionTerms:
    """What a notice has pinned for objections to it. All in working days; `publish_result`: the law publishes it."""

    accept_days: int = 3
    decide_days: int = 10
    extend_days: int = 10
    review_days: int = 5
    resume_min_days: int = 1
    publish_result: bool = False


@dataclass(frozen=True, kw_only=True)
class PlaceWanted:
    """A place where the notice is to appear. The market is live at once; others by somebody's word and paper.

    starts_clock: whether the clock waits for it; the press of an auction house's notice is only put on record.
    """

    kind: PlaceKind
    url: str | None = None
    starts_clock: bool = True


@dataclass(frozen=True, kw_only=True)
class NoticeDraft:
    """A notice to be published.

    about_kind, about_id: what it is about, such as `negotiation` or `offering`; one live notice of a kind for each.
    owner_party_id: whose notice it is; region_code: where it belongs. title: also a field of the content.
    content: the fields that are told, by names of `fields.FIELDS`; plain JSON values without floats.
    period, floor: how long, and how long at the least, in one unit. cutoff_minute: 1440 is 24:00.
    sources: of the rules applied, by their names (`period`, `places`, …). audience: parties who find it in their streams.
    supplement_days_min: by how many days of the period's unit a supplement extends it at the least.
    """

    kind: NoticeKind
    about_kind: str
    about_id: UUID
    owner_party_id: UUID
    region_code: str
    title: str
    content: Mapping[str, Any]
    period: Period
    floor: Period
    cutoff_minute: int
    places: Sequence[PlaceWanted] = (PlaceWanted(kind=PlaceKind.MARKET),)
    objection: ObjectionTerms = field(default_factory=ObjectionTerms)
    sources: Mapping[str, str] = field(default_factory=dict)
    audience: tuple[UUID, ...] = ()
    supplement_days_min: int = 3

    @property
    def told(self) -> dict[str, Any]:
        """The whole content."""
        return {"title": self.title, **self.content}


NEEDS_PROCEDURE: Final = frozenset({NoticeKind.NEGOTIATED_PRICE})
"""Kinds that are published only by a unit which has published its procedure for objections."""


def check_draft(draft: NoticeDraft) -> None:
    """Refuse a notice that lacks something, in this order: unknown fields, missing fields, procedure, places, period."""
    _check_fields(draft)
    if draft.kind in NEEDS_PROCEDURE and not draft.content.get("objection_channel"):
        raise ObjectionProcedureMissing()
    kinds = [place.kind for place in draft.places]
    if not any(place.starts_clock for place in draft.places) or len(set(kinds)) < len(kinds):
        raise PlaceMissing()
    if draft.floor.unit is not draft.period.unit or draft.period.value < max(draft.floor.value, 1):
        source = draft.sources.get("period", HOUSE_RULE)
        raise NoticePeriodTooShort(
            f"公示期不得短于 {draft.floor.value} 日（依据：{source}）。",
            f"The notice stands for at least {draft.floor.value} {draft.floor.unit}s ({source}).",
            floor={"value": draft.floor.value, "unit": str(draft.floor.unit)},
            floor_source=source,
        )


def _check_fields(draft: NoticeDraft) -> None:
    unknown = sorted(draft.content.keys() - FIELDS.keys())
    if unknown:
        raise NoticeContentUnknown(unknown=unknown)
    told = draft.told
    missing = [
        name for name in REQUIRED[draft.kind] if told.get(name) in (None, "") and name != "objection_channel"
    ]
    if missing:
        named = "、".join(FIELDS[name].title_zh for name in missing)
        raise NoticeContentIncomplete(
            f"缺少：{named}。",
            f"Missing: {', '.join(FIELDS[name].title_en for name in missing)}.",
            missing=missing,
        )
