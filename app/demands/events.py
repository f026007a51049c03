"""What demands tell. Of a poster that stays unnamed nothing public carries a name; of answers nothing is public."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.demands.states import DemandOutcome, DemandType, SolutionKind, TechField
from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money


class DemandEvent(Event):
    """What every event of a demand carries."""

    subject: ClassVar[str] = "demand"

    demand_number: str
    title: str


class DemandSubmitted(DemandEvent):
    """The demand waits for its review. `parties`: the poster, and who typed it in for him."""

    kind: ClassVar[str] = "demands.demand_submitted"


class DemandConfirmed(DemandEvent):
    """The owner confirmed what was typed in on its behalf. `parties`: as above."""

    kind: ClassVar[str] = "demands.demand_confirmed"


class DemandReturned(DemandEvent):
    """The reviewer sent it back. `parties`: as above."""

    kind: ClassVar[str] = "demands.demand_returned"

    reason: str


class DemandPublished(DemandEvent):
    """Everybody may read and answer it. Public; `region_code` is what the public may learn."""

    kind: ClassVar[str] = "demands.demand_published"
    public: ClassVar[bool] = True

    type: DemandType
    tech_field: TechField | None
    region_code: str
    deadline_on: date
    answers_end_at: Instant


class DemandAnswersClosed(DemandEvent):
    """The demand takes no more answers; the poster is choosing. Public."""

    kind: ClassVar[str] = "demands.answers_closed"
    public: ClassVar[bool] = True


class DemandClosed(DemandEvent):
    """The demand has ended. Public; who won and why is not."""

    kind: ClassVar[str] = "demands.demand_closed"
    public: ClassVar[bool] = True

    outcome: DemandOutcome


class SolutionEvent(Event):
    """What every event of an answer carries."""

    subject: ClassVar[str] = "solution"

    demand_id: UUID
    demand_number: str
    title: str
    provider_party_id: UUID


class SolutionSubmitted(SolutionEvent):
    """An answer has come. `parties`: poster and answerer; the poster is not named in it."""

    kind: ClassVar[str] = "demands.solution_submitted"

    amount: Money
    work: SolutionKind


class SolutionShortlisted(SolutionEvent):
    """The poster looks closer. `parties`: poster and answerer."""

    kind: ClassVar[str] = "demands.solution_shortlisted"


class SolutionWithdrawn(SolutionEvent):
    """The answerer took it back. `parties`: poster and answerer."""

    kind: ClassVar[str] = "demands.solution_withdrawn"


class SolutionNotChosen(SolutionEvent):
    """The demand has ended without this answer. `parties`: that answerer alone; who was chosen is not said."""

    kind: ClassVar[str] = "demands.solution_not_chosen"


class SolutionChosen(SolutionEvent):
    """The poster buys this work. `parties`: poster and answerer. The market makes the award of it."""

    kind: ClassVar[str] = "demands.solution_chosen"

    solution_id: UUID
    poster_party_id: UUID
    amount: Money
    work: SolutionKind
    schedule_months: int
    reason: str
    region_code: str
    entered_by: UUID


EVENTS: tuple[type[Event], ...] = (
    DemandSubmitted,
    DemandConfirmed,
    DemandReturned,
    DemandPublished,
    DemandAnswersClosed,
    DemandClosed,
    SolutionSubmitted,
    SolutionShortlisted,
    SolutionWithdrawn,
    SolutionNotChosen,
    SolutionChosen,
)
