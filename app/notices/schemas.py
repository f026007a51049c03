"""Wire shapes of notices, mends and objections. Inputs name no status; who filed an objection is for those who handle it."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, Field

from app.kit.dates import Instant
from app.kit.schemas import Input, Line, Output, Page, ShortText, Text, storable
from app.notices.rules.objections import FILES_MAX
from app.notices.states import (
    MendKind,
    MendStatus,
    NoticeKind,
    NoticeStatus,
    ObjectionGround,
    ObjectionStatus,
    PauseCause,
    PlaceKind,
    ReviewOutcome,
    RevokedReason,
    UpheldEffect,
)

DEPTH_MAX: Final = 6
LENGTH_MAX: Final = 20_000
INTEGER_MAX: Final = 2**53


def _told(value: Any, depth: int = 0) -> int:
    """How long a value is; raises `ValueError` for what a notice cannot say."""
    if depth > DEPTH_MAX or isinstance(value, float):
        raise ValueError("a notice holds texts, whole numbers, lists and objects, not too deep")
    if isinstance(value, str):
        return len(storable(value))
    if isinstance(value, dict):
        return sum(len(storable(name)) + _told(part, depth + 1) for name, part in value.items())
    if isinstance(value, list):
        return sum(_told(part, depth + 1) for part in value)
    if isinstance(value, int) and abs(value) > INTEGER_MAX:
        raise ValueError("a number beyond 2^53")
    return 1


def _fields(fields: dict[str, Any]) -> dict[str, Any]:
    if _told(fields) > LENGTH_MAX:
        raise ValueError(f"more than {LENGTH_MAX} characters")
    return fields


Url = Annotated[
    str,
    Field(
        pattern=r"^https?://[^\s\"'<>]{3,480}$", max_length=490, examples=["https://kjc.example.edu.cn/gs/1"]
    ),
    AfterValidator(storable),
]


class PlaceIn(Input):
    """Another place shows the notice."""

    place: PlaceKind
    url: Url
    published_at: Instant = Field(description="Since when it is shown there.")
    evidence_file_id: UUID | None = Field(
        default=None, description="A screenshot or scan; the press needs one."
    )


class MendIn(Input):
    """更正 or 补充. Which field belongs to which is told by `GET /v1/notice-fields`."""

    kind: MendKind
    fields: Annotated[dict[str, Any], AfterValidator(_fields)] = Field(
        description="The new values by their fields.", max_length=20
    )
    reason: ShortText
    document_no: Line | None = None
    days: Annotated[int, Field(ge=0, le=1_000)] = Field(
        default=0, description="A supplement: by how many days of the notice's unit it ends later."
    )
    caused_by_seller: bool = False


class MendRefusalIn(Input):
    """Why a mend is refused."""

    reason: ShortText


class RevocationIn(Input):
    """Why a notice is taken back; the class is public."""

    reason_class: RevokedReason
    note: ShortText | None = None


class ObjectionIn(Input):
    """An objection, in one's own name."""

    ground: ObjectionGround
    relation: Line = Field(description="What you have to do with the matter.", examples=["同行企业"])
    statement: Text
    evidence_note: ShortText | None = Field(
        default=None, description="Where evidence is found that is no file."
    )
    file_ids: Annotated[list[UUID], Field(max_length=FILES_MAX)] = Field(
        default_factory=list, description="Files that you have uploaded."
    )


class FindingsIn(Input):
    """Why an objection is rejected for its form."""

    findings: ShortText


class ObjectionDecisionIn(Input):
    """How an objection is decided. `effect` exactly where it is upheld."""

    upheld: bool
    effect: UpheldEffect | None = None
    findings: Text
    document_no: Line


class ReviewRequestIn(Input):
    """Why a review is asked for."""

    reason: ShortText


class ReviewDecisionIn(Input):
    """How the review is decided. `effect` where that ends the notice."""

    outcome: ReviewOutcome
    effect: UpheldEffect | None = None
    findings: Text
    document_no: Line


class DaysOut(Output):
    """So many days of a kind."""

    value: int
    unit: str


class NoticeTombstoneOut(Output):
    """Why something is not there: the public class of the reason, the paper, which organisations asked and decided."""

    reason: str
    document_no: str
    requested_by: str
    decided_by: str
    at: Instant


class FieldOut(Output):
    """What a notice says in one field. `value` null: lawfully taken away."""

    name: str
    title_zh: str
    title_en: str
    value: Any
    seq: int = Field(description="The entry of the record that says so.")
    is_redacted: bool
    redaction: NoticeTombstoneOut | None


class NoticePlaceOut(Output):
    """A place where a notice has to appear. live_at: from when it counts."""

    kind: PlaceKind
    url: str | None
    shown_at: Instant | None
    live_at: Instant | None


class PauseOut(Output):
    """A cause for which the clock stood still."""

    cause: PauseCause
    began_at: Instant
    ended_at: Instant | None
    note: str | None


class DifferenceOut(Output):
    """One field before and after; null for what was not said, or is lawfully taken away."""

    name: str
    title_zh: str
    title_en: str
    before: Any
    after: Any


class RevisionOut(Output):
    """A mend that is public, with its difference."""

    seq: int
    revision: int
    kind: MendKind
    at: Instant
    reason: str | None
    document_no: str | None
    days: int
    differences: list[DifferenceOut]


class NoticeLine(Output):
    """A notice in a list."""

    id: UUID
    version: int
    number: str
    kind: NoticeKind
    about_kind: str
    about_id: UUID
    title: str
    owner_party_id: UUID
    owner_name: str
    region_code: str
    status: NoticeStatus
    published_at: Instant
    starts_at: Instant | None
    ends_at: Instant | None
    ends_on: date | None
    ends_local: str = Field(description='The minute at which the last day ends, such as "24:00".')
    provisional: bool
    paused_at: Instant | None
    open_objections: int
    ended_at: Instant | None


class NoticeLinkOut(Output):
    """The notice before or after a change."""

    id: UUID
    number: str


class ObjectionTermsOut(Output):
    """What is pinned for objections, in working days."""

    accept_days: int
    decide_days: int
    extend_days: int
    review_days: int
    resume_min_days: int
    publish_result: bool


class PublishedDecisionOut(Output):
    """How an objection was decided, where the law publishes it. It names nobody."""

    objection_number: str
    ground: ObjectionGround
    status: ObjectionStatus
    effect: UpheldEffect | None
    document_no: str | None
    findings: str | None
    at: Instant


class NoticeOut(NoticeLine):
    """A notice, whole."""

    revision: int
    content: list[FieldOut]
    page: str = Field(description="As it looked when it was last published: HTML without scripts.")
    period: DaysOut
    floor: DaysOut
    supplement_days_min: int
    places: list[NoticePlaceOut]
    pauses: list[PauseOut]
    objection: ObjectionTermsOut
    decisions: list[PublishedDecisionOut]
    sources: dict[str, str]
    end_reason: str | None
    predecessor: NoticeLinkOut | None
    successor: NoticeLinkOut | None
    seq: int
    chain_head: str
    content_hash: str
    is_watched: bool


class MendOut(Output):
    """A proposed or decided mend, for those who may mend. Names are those of people inside."""

    id: UUID
    version: int
    notice_id: UUID
    notice_number: str
    notice_title: str
    kind: MendKind
    status: MendStatus
    differences: list[DifferenceOut]
    reason: str
    document_no: str | None
    days: int
    proposed_by: str
    proposed_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    refused_reason: str | None


class NoticeFieldOut(Output):
    """One row of the table: a field and the one way to mend it."""

    name: str
    title_zh: str
    title_en: str
    mended_by: MendKind
    is_price: bool


class NoticeFieldsOut(Output):
    """Every field that a notice may have."""

    data: list[NoticeFieldOut]


class ObjectionLine(Output):
    """An objection in a list."""

    id: UUID
    version: int
    number: str
    notice_id: UUID
    notice_number: str
    notice_title: str
    owner_party_id: UUID
    owner_name: str
    filer_party_id: UUID
    filer_party_name: str
    ground: ObjectionGround
    status: ObjectionStatus
    filed_at: Instant
    accept_due_on: date
    decide_due_on: date | None
    review_due_on: date | None
    provisional: bool
    is_overdue: bool


class ObjectionOut(ObjectionLine):
    """An objection, whole. `statement` null: lawfully taken away."""

    filer_name: str
    relation: str
    statement: str | None
    evidence_note: str | None
    file_ids: list[UUID]
    accepted_at: Instant | None
    extended_at: Instant | None
    handler_name: str | None
    findings: str | None
    effect: UpheldEffect | None
    decision_document_no: str | None
    decided_at: Instant | None
    published_at: Instant | None
    review_requested_at: Instant | None
    review_reason: str | None
    review_outcome: ReviewOutcome | None
    review_findings: str | None
    review_document_no: str | None
    review_decided_at: Instant | None


NoticePage = Page[NoticeLine]
MendPage = Page[MendOut]
ObjectionPage = Page[ObjectionLine]
RevisionPage = Page[RevisionOut]
