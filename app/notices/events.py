"""What notices tell. Public events carry no name that is not public: what a notice says is read at its address.

`subject_id` is the notice; `about_kind` and `about_id` say what it is about, so that the rooms above find their row.
"""

from typing import ClassVar
from uuid import UUID

from app.events.model import Event
from app.kit.dates import Instant
from app.notices.states import (
    MendKind,
    MoveCause,
    NoticeKind,
    ObjectionGround,
    ObjectionStatus,
    PauseCause,
    PlaceKind,
    ReviewOutcome,
    RevokedReason,
    UpheldEffect,
)


class NoticeEvent(Event):
    """What all events of a notice carry. `seq`: the entry of its record."""

    subject: ClassVar[str] = "notice"
    public: ClassVar[bool] = True

    number: str
    notice_kind: NoticeKind
    about_kind: str
    about_id: UUID
    seq: int


class NoticePublished(NoticeEvent):
    """A notice is published here. Its clock may wait for other places."""

    kind: ClassVar[str] = "notices.published"

    title: str
    owner_party_id: UUID
    predecessor_id: UUID | None


class NoticePlaceAttested(NoticeEvent):
    """Somebody attested that another place shows it."""

    kind: ClassVar[str] = "notices.place_attested"

    place: PlaceKind
    url: str
    shown_at: Instant


class NoticeStarted(NoticeEvent):
    """All places show it: its clock runs."""

    kind: ClassVar[str] = "notices.started"

    starts_at: Instant
    ends_at: Instant
    provisional: bool


class NoticeMoved(NoticeEvent):
    """The end has moved: stretched, or touched by an outage, or counted anew over a decided calendar."""

    kind: ClassVar[str] = "notices.moved"

    ends_at: Instant | None
    provisional: bool
    cause: MoveCause


class NoticePaused(NoticeEvent):
    """Its clock stands still. Whatever rests on its end stands still with it."""

    kind: ClassVar[str] = "notices.paused"

    cause: PauseCause
    paused_at: Instant


class NoticeResumed(NoticeEvent):
    """Its clock runs again, with what was left."""

    kind: ClassVar[str] = "notices.resumed"

    ends_at: Instant
    provisional: bool


class NoticeCorrected(NoticeEvent):
    """更正: something clerical is put right. The difference is public, and the clock runs on."""

    kind: ClassVar[str] = "notices.corrected"

    fields: tuple[str, ...]
    revision: int


class NoticeSupplemented(NoticeEvent):
    """补充: a new fact stands in it, and it ends later."""

    kind: ClassVar[str] = "notices.supplemented"

    fields: tuple[str, ...]
    revision: int
    days: int
    ends_at: Instant | None
    provisional: bool


class MendProposed(NoticeEvent):
    """Somebody proposes to correct or supplement it; another person decides. For whose notice it is."""

    kind: ClassVar[str] = "notices.mend_proposed"
    public: ClassVar[bool] = False

    mend_id: UUID
    mend_kind: MendKind
    fields: tuple[str, ...]


class NoticePassed(NoticeEvent):
    """Its period is over and no objection is open."""

    kind: ClassVar[str] = "notices.passed"


class NoticeFailed(NoticeEvent):
    """An objection was upheld: the matter ends, or goes back to be put right."""

    kind: ClassVar[str] = "notices.failed"

    effect: UpheldEffect
    document_no: str


class NoticeRevoked(NoticeEvent):
    """It was taken back."""

    kind: ClassVar[str] = "notices.revoked"

    reason_class: RevokedReason


class NoticeSuperseded(NoticeEvent):
    """A new notice stands in its place."""

    kind: ClassVar[str] = "notices.superseded"

    successor_id: UUID
    successor_number: str


class ObjectionCounted(NoticeEvent):
    """The number of undecided objections has changed. Nothing else of them is public."""

    kind: ClassVar[str] = "notices.objection_counted"

    open_objections: int


class ObjectionPublished(NoticeEvent):
    """How an objection was decided is published, where the law says so."""

    kind: ClassVar[str] = "notices.objection_published"

    objection_number: str
    status: ObjectionStatus


class ObjectionEvent(Event):
    """What all events of an objection carry. `parties`: whose notice it is, and who filed it."""

    subject: ClassVar[str] = "objection"

    number: str
    notice_id: UUID
    notice_number: str
    owner_party_id: UUID
    filer_party_id: UUID


class ObjectionFiled(ObjectionEvent):
    """Somebody objects."""

    kind: ClassVar[str] = "notices.objection_filed"

    ground: ObjectionGround


class ObjectionAccepted(ObjectionEvent):
    """It is accepted; the notice's clock stands still."""

    kind: ClassVar[str] = "notices.objection_accepted"


class ObjectionRejected(ObjectionEvent):
    """It is rejected for its form."""

    kind: ClassVar[str] = "notices.objection_rejected"


class ObjectionDecided(ObjectionEvent):
    """It is decided."""

    kind: ClassVar[str] = "notices.objection_decided"

    upheld: bool
    effect: UpheldEffect | None


class ObjectionWithdrawn(ObjectionEvent):
    """Whoever filed it has taken it back."""

    kind: ClassVar[str] = "notices.objection_withdrawn"


class ObjectionOverdue(ObjectionEvent):
    """Its deadline is over and nobody has acted. Told once for each deadline."""

    kind: ClassVar[str] = "notices.objection_overdue"

    status: ObjectionStatus


class ReviewRequested(ObjectionEvent):
    """One side asks for the one review."""

    kind: ClassVar[str] = "notices.objection_review_requested"


class ReviewDecided(ObjectionEvent):
    """The review is decided; that is the end of it."""

    kind: ClassVar[str] = "notices.objection_review_decided"

    outcome: ReviewOutcome


EVENTS: tuple[type[Event], ...] = (
    NoticePublished,
    NoticePlaceAttested,
    NoticeStarted,
    NoticeMoved,
    NoticePaused,
    NoticeResumed,
    NoticeCorrected,
    NoticeSupplemented,
    MendProposed,
    NoticePassed,
    NoticeFailed,
    NoticeRevoked,
    NoticeSuperseded,
    ObjectionCounted,
    ObjectionPublished,
    ObjectionFiled,
    ObjectionAccepted,
    ObjectionRejected,
    ObjectionDecided,
    ObjectionWithdrawn,
    ObjectionOverdue,
    ReviewRequested,
    ReviewDecided,
)
