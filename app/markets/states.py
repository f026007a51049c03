"""The life of an offering, and the words for its path, mode and subject. Each machine is one enum and one table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class OfferingStatus(StrEnum):
    """Where an offering stands. `approved` is reviewed; `open` is on the market."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    OPEN = "open"
    AWARDED = "awarded"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Path(StrEnum):
    """How the price is found. An offering takes exactly one path; a listed sale with rivals stays listed."""

    NEGOTIATED = "negotiated"
    LISTED = "listed"
    AUCTION = "auction"


class Mode(StrEnum):
    """What the buyer gets 转化方式."""

    TRANSFER = "transfer"
    LICENSE_EXCLUSIVE = "license_exclusive"
    LICENSE_SOLE = "license_sole"
    LICENSE_ORDINARY = "license_ordinary"
    EQUITY = "equity"
    """The right becomes shares in a company 作价投资."""
    DEVELOPMENT = "development"
    SERVICE = "service"


class SubjectKind(StrEnum):
    """What an offering is of: achievements, or a demand whose solution was chosen."""

    ACHIEVEMENT = "achievement"
    DEMAND = "demand"


class ListingKind(StrEnum):
    """What is listed: something that one buyer gets, or a licence that whoever accepts the terms has."""

    ONE = "one"
    FIXED_PRICE = "fixed_price"


class ListingStatus(StrEnum):
    """Where a listing stands."""

    LISTED = "listed"
    SUSPENDED = "suspended"
    EVALUATING = "evaluating"
    QUOTING = "quoting"
    COMPETITION = "competition"
    AWARDED = "awarded"
    UNSOLD = "unsold"
    OVER = "over"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"


_S = OfferingStatus

TRANSITIONS: Final[Mapping[OfferingStatus, frozenset[OfferingStatus]]] = {
    # What is born of a demand's choice needs no review of its own: it opens and is awarded at once.
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.OPEN, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.RETURNED, _S.APPROVED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.OPEN, _S.WITHDRAWN}),
    _S.OPEN: frozenset({_S.AWARDED, _S.FAILED, _S.WITHDRAWN}),
    # The last award was rescinded for its buyer's default.
    _S.AWARDED: frozenset({_S.FAILED}),
}

MACHINE: Final = Machine("offering", _S.DRAFT, TRANSITIONS)

EDITABLE: Final = (_S.DRAFT, _S.RETURNED)
"""The seller may still change the terms."""

ENDED: Final = (_S.AWARDED, _S.FAILED, _S.WITHDRAWN)
"""It has left the market."""

LICENCE_FOR_ONE: Final = (Mode.TRANSFER, Mode.LICENSE_EXCLUSIVE, Mode.LICENSE_SOLE, Mode.EQUITY)
"""Modes that only one buyer can have."""

DEMAND_MODES: Final = (Mode.DEVELOPMENT, Mode.SERVICE)
"""Modes of work to be done: no achievement stands behind it."""

DISCREET: Final = (ListingStatus.QUOTING, ListingStatus.COMPETITION)
"""These words would tell how many buyers there are."""
