"""What can be asked of an auction. Each command is judged by `engine.decide`."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.auctions.rules.snapshot import Standing
from app.auctions.rules.terms import Timetable


class SuspendReason(StrEnum):
    """The public class of a suspension's reason."""

    SYSTEM_FAULT = "system_fault"
    OBJECTION = "objection"
    AUTHORITY_ORDER = "authority_order"
    SELLER_REQUEST = "seller_request"


class CancelReason(StrEnum):
    """The public class of a cancellation's reason."""

    SELLER_WITHDRAWAL = "seller_withdrawal"
    SUPERVISOR_ORDER = "supervisor_order"
    COURT_ORDER = "court_order"
    TITLE_DEFECT = "title_defect"


@dataclass(frozen=True, kw_only=True)
class PublishNotice:
    """Publish the notice. `earliest_start_on`: a working day after the deposits' deadline, by the calendar."""

    timetable: Timetable
    earliest_start_on: date


@dataclass(frozen=True, kw_only=True)
class CallCompetition:
    """Open the competition of a listed sale whose registrations are complete."""

    timetable: Timetable


@dataclass(frozen=True, kw_only=True)
class MarkReady:
    """Finance signs that deposits are reconciled."""


@dataclass(frozen=True, kw_only=True)
class PlaceBid:
    """A bid of so many fen by a bidder of this standing."""

    bidder: Standing
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class Tick:
    """Let happen what is due."""


@dataclass(frozen=True, kw_only=True)
class Suspend:
    """Interrupt the sale. The note is public."""

    reason: SuspendReason
    note: str


@dataclass(frozen=True, kw_only=True)
class Resume:
    """Continue an interrupted sale. The note is public."""

    note: str


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """End the sale without a winner. `document_no` names the paper that orders it; the note is public."""

    reason: CancelReason
    document_no: str
    note: str


Command = PublishNotice | CallCompetition | MarkReady | PlaceBid | Tick | Suspend | Resume | Cancel
