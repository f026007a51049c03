"""The life of a session 专场."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class SessionStatus(StrEnum):
    """Where a session stands. How its lots stand is theirs to tell."""

    DRAFT = "draft"
    NOTICED = "noticed"
    RUNNING = "running"
    ADJOURNED = "adjourned"
    """Between two days of sale, with no lot on the block."""
    ENDED = "ended"


_S = SessionStatus

TRANSITIONS: Final[Mapping[SessionStatus, frozenset[SessionStatus]]] = {
    _S.DRAFT: frozenset({_S.NOTICED}),
    _S.NOTICED: frozenset({_S.RUNNING, _S.ENDED}),
    _S.RUNNING: frozenset({_S.ADJOURNED, _S.ENDED}),
    _S.ADJOURNED: frozenset({_S.RUNNING, _S.ENDED}),
}

MACHINE: Final = Machine("session", _S.DRAFT, TRANSITIONS)
