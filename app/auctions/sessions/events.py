"""What sessions tell. Public ones carry no name of a bidder; how many have registered is told to nobody."""

from typing import ClassVar, Final
from uuid import UUID

from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money


class SessionEvent(Event):
    """What all events of a session carry. `subject_id` is the session."""

    subject: ClassVar[str] = "session"
    public: ClassVar[bool] = True

    number: str
    name: str


class SessionNoticed(SessionEvent):
    """The notice is out: when and where, and how many lots."""

    kind = "sessions.noticed"

    profile: str
    venue: str
    lots: int
    registration_opens_at: Instant
    registration_closes_at: Instant
    deposit_due_at: Instant
    starts_at: Instant


class SessionReadied(SessionEvent):
    """Deposits are reconciled; paddle numbers are drawn."""

    kind = "sessions.readied"


class SessionStarted(SessionEvent):
    """The session began."""

    kind = "sessions.started"


class SessionAdjourned(SessionEvent):
    """The day's limit came; the session goes on on the next working day, prices are held."""

    kind = "sessions.adjourned"

    continues_at: Instant


class SessionContinued(SessionEvent):
    """An adjourned session goes on."""

    kind = "sessions.continued"


class SessionEnded(SessionEvent):
    """The last lot has left the block; what was left of deposits is owed back."""

    kind = "sessions.ended"

    sold: int
    passed_in: int
    withdrawn: int


class SessionRegistered(Event):
    """A party registered for a session. `parties`: that party."""

    kind = "sessions.registered"
    subject: ClassVar[str] = "session_registration"

    registration_number: str
    session_id: UUID
    session_number: str
    name: str
    units: int
    deposit_amount: Money
    deposit_due_at: Instant


class SessionQualified(Event):
    """A party was let in to a session, or not. `parties`: that party."""

    kind = "sessions.qualified"
    subject: ClassVar[str] = "session_registration"

    registration_number: str
    session_id: UUID
    passed: bool
    reason: str


class PaddleHandedOut(Event):
    """A paddle was handed out at the door. `parties`: whose it is; nobody else learns it before the close."""

    kind = "sessions.paddle_handed_out"
    subject: ClassVar[str] = "session_registration"

    registration_number: str
    session_id: UUID
    paddle_no: int


class PaddleExchanged(Event):
    """A lost paddle is void, and its bidder has another. `parties`: whose it is; nobody else learns it before the close."""

    kind = "sessions.paddle_exchanged"
    subject: ClassVar[str] = "session_registration"

    registration_number: str
    session_id: UUID
    old_no: int
    paddle_no: int
    reason: str


class MandateEntered(Event):
    """A clerk entered a signed form's maximum. `parties`: whose it is. The maximum is never told."""

    kind = "sessions.mandate_entered"
    subject: ClassVar[str] = "auction"

    session_id: UUID
    lot_no: int
    source: str
    document_no: str


EVENTS: Final[tuple[type[Event], ...]] = (
    SessionNoticed,
    SessionReadied,
    SessionStarted,
    SessionAdjourned,
    SessionContinued,
    SessionEnded,
    SessionRegistered,
    SessionQualified,
    PaddleHandedOut,
    PaddleExchanged,
    MandateEntered,
)
