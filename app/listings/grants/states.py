"""The classes of grants, where one comes from, and how one ended."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class ModeClass(StrEnum):
    """What a grant does to the right: 转让, 独占许可, 排他许可, 普通许可, 开放许可, 作价投资."""

    TRANSFER = "transfer"
    EXCLUSIVE = "exclusive"
    SOLE = "sole"
    ORDINARY = "ordinary"
    OPEN = "open"
    """The declaration by which anybody who pays the price has an ordinary licence."""
    EQUITY = "equity"


class GrantStatus(StrEnum):
    """Whether a grant still stands."""

    LIVE = "live"
    ENDED = "ended"


MACHINE: Final = Machine(
    "granted_right", GrantStatus.LIVE, {GrantStatus.LIVE: frozenset({GrantStatus.ENDED})}
)


class GrantSource(StrEnum):
    """Where a grant comes from: an award of this market, or a contract made elsewhere."""

    AWARD = "award"
    EXTERNAL = "external"


class GrantEnd(StrEnum):
    """Why a grant ended."""

    RESCINDED = "rescinded"
    TERMINATED = "terminated"
    """By a paper of both sides."""
    MISTAKEN = "mistaken"
    """It never stood: an entry that was typed in by mistake."""


class ConflictOutcome(StrEnum):
    """无冲突, 冲突, 范围不清（由人决定）."""

    NONE = "none"
    CONFLICT = "conflict"
    UNCLEAR = "unclear"
