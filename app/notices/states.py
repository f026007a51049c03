"""The life of a notice and of an objection to it, and the words for their parts."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class NoticeKind(StrEnum):
    """What is told."""

    NEGOTIATED_PRICE = "negotiated_price"
    LISTING = "listing"
    AUCTION = "auction"
    CHANGE = "change"
    EXTENSION = "extension"
    RESULT = "result"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    TERMINATION = "termination"
    WITHDRAWAL = "withdrawal"


class NoticeStatus(StrEnum):
    """Where a notice stands."""

    SCHEDULED = "scheduled"
    """Published, and waiting for the other places where it is to appear."""
    RUNNING = "running"
    PAUSED = "paused"
    """The clock stands still."""
    PASSED = "passed"
    """Its period is over and no objection is open."""
    FAILED = "failed"
    """An objection was upheld."""
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    """A new notice with other terms stands in its place."""


class PlaceKind(StrEnum):
    """Where a notice appears."""

    UNIT_SITE = "unit_site"
    MARKET = "market"
    MEDIA = "media"


class PauseCause(StrEnum):
    """Why a notice's clock stands still."""

    OBJECTION = "objection"
    DISTURBANCE = "disturbance"
    APPLICATION = "application"
    AUTHORITY_ORDER = "authority_order"
    OUTAGE = "outage"


class MoveCause(StrEnum):
    """Why the end of a notice came later."""

    STRETCHED = "stretched"
    """An extension that the notice itself announced, or that the sale decided."""
    OUTAGE = "outage"
    CALENDAR = "calendar"


class RevokedReason(StrEnum):
    """The public class of the reason for which a notice is taken back."""

    SELLER_WITHDRAWS = "seller_withdraws"
    BUYER_WITHDRAWS = "buyer_withdraws"
    TERMS_CHANGED = "terms_changed"
    PATH_SWITCHED = "path_switched"
    """改为挂牌交易: somebody offers more."""
    RIGHTS_LOST = "rights_lost"
    DISPUTE = "dispute"
    AUTHORITY_ORDER = "authority_order"
    REVIEW = "review"
    """A review found that an objection was right after all."""
    OTHER = "other"


class MendKind(StrEnum):
    """The three ways to mend what is public."""

    CORRECTION = "correction"
    """更正: clerical; the difference is public and the clock runs."""
    SUPPLEMENT = "supplement"
    """补充: a new fact that the seller has not caused; the period is extended."""
    CHANGE = "change"
    """变更: other terms; only by a new notice."""


class MendStatus(StrEnum):
    """Where a proposed correction or supplement stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DROPPED = "dropped"
    """The notice ended before somebody decided."""


class ObjectionStatus(StrEnum):
    """Where an objection stands."""

    FILED = "filed"
    ACCEPTED = "accepted"
    REJECTED_FORMAL = "rejected_formal"
    INVESTIGATING = "investigating"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    REVIEW_REQUESTED = "review_requested"
    REVIEW_DECIDED = "review_decided"


class ObjectionGround(StrEnum):
    """What is objected to."""

    TITLE = "title"
    PRICE = "price"
    RELATED_PARTY = "related_party"
    PROCEDURE = "procedure"
    CONDITION = "condition"
    DESCRIPTION = "description"
    OTHER = "other"


class UpheldEffect(StrEnum):
    """What follows from an objection that is right."""

    TERMINATE = "terminate"
    RETURN_TO_DRAFT = "return_to_draft"


class ReviewOutcome(StrEnum):
    """How the one review ended."""

    CONFIRMED = "confirmed"
    OVERTURNED = "overturned"


N, B, M = NoticeStatus, ObjectionStatus, MendStatus

NOTICE: Final = Machine(
    name="notice",
    initial=N.SCHEDULED,
    transitions={
        N.SCHEDULED: frozenset({N.RUNNING, N.REVOKED, N.SUPERSEDED}),
        N.RUNNING: frozenset({N.PAUSED, N.PASSED, N.FAILED, N.REVOKED, N.SUPERSEDED}),
        N.PAUSED: frozenset({N.RUNNING, N.FAILED, N.REVOKED, N.SUPERSEDED}),
        N.PASSED: frozenset({N.REVOKED}),
        N.FAILED: frozenset(),
        N.REVOKED: frozenset(),
        N.SUPERSEDED: frozenset(),
    },
)

OBJECTION: Final = Machine(
    name="objection",
    initial=B.FILED,
    transitions={
        B.FILED: frozenset({B.ACCEPTED, B.REJECTED_FORMAL, B.WITHDRAWN}),
        B.ACCEPTED: frozenset({B.INVESTIGATING, B.UPHELD, B.DISMISSED, B.WITHDRAWN}),
        B.INVESTIGATING: frozenset({B.UPHELD, B.DISMISSED, B.WITHDRAWN}),
        B.REJECTED_FORMAL: frozenset({B.REVIEW_REQUESTED}),
        B.UPHELD: frozenset({B.REVIEW_REQUESTED}),
        B.DISMISSED: frozenset({B.REVIEW_REQUESTED}),
        B.WITHDRAWN: frozenset(),
        B.REVIEW_REQUESTED: frozenset({B.REVIEW_DECIDED}),
        B.REVIEW_DECIDED: frozenset(),
    },
)

MEND: Final = Machine(
    name="notice_mend",
    initial=M.PROPOSED,
    transitions={
        M.PROPOSED: frozenset({M.CONFIRMED, M.REFUSED, M.DROPPED}),
        M.CONFIRMED: frozenset(),
        M.REFUSED: frozenset(),
        M.DROPPED: frozenset(),
    },
)

LIVE: Final = frozenset({N.SCHEDULED, N.RUNNING, N.PAUSED})
"""A notice that has not ended."""

UNDECIDED: Final = frozenset({B.FILED, B.ACCEPTED, B.INVESTIGATING})
"""An objection that holds the end of the period."""

STOPPING: Final = frozenset({B.ACCEPTED, B.INVESTIGATING})
"""An objection for which the clock stands still."""

OF_SALES: Final = frozenset({NoticeKind.LISTING, NoticeKind.AUCTION})
"""Notices that end with their sale."""
