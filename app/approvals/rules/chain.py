"""A chain of steps: which of them an amount needs, in which order. Pure.

Steps of the same group run side by side; a group opens when the one before it is done. A step binds amounts from
`from_minor` up to, but not including, `below_minor` (fen). Where the amount is not known yet, every step binds: nothing
is skipped on a guess. Source: house rule, after published procedures of universities.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.approvals.errors import ChainUnfit
from app.approvals.states import StepKind, StepQuorum
from app.identity.permissions import Role

STEPS_MAX: Final = 20
DAYS_MAX: Final = 60
"""Working days that a step may take."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. Approvers are named persons, or whoever holds `role` when he decides (then any one suffices).

    deadline_days, reminder_days: working days after the step opened, its day not counted.
    """

    group: int
    kind: StepKind
    title: str
    quorum: StepQuorum
    user_ids: tuple[UUID, ...] = ()
    role: Role | None = None
    from_minor: int = 0
    below_minor: int | None = None
    deadline_days: int = 5
    reminder_days: int | None = None

    def binds(self, amount_minor: int | None) -> bool:
        """Whether a decision on this amount (fen; None: not known) needs the step."""
        if amount_minor is None:
            return True
        return self.from_minor <= amount_minor and (
            self.below_minor is None or amount_minor < self.below_minor
        )


def check_chain(steps: Sequence[Step]) -> None:
    """Refuse a chain that cannot decide every amount, naming the step. Raises `ChainUnfit`."""
    if not 1 <= len(steps) <= STEPS_MAX:
        raise ChainUnfit(field="/body/steps", why="steps")
    for place, step in enumerate(steps):
        fault = _fault(step)
        if fault is not None:
            raise ChainUnfit(field=f"/body/steps/{place}", why=fault)
    groups = [step.group for step in steps]
    if groups != sorted(groups):
        raise ChainUnfit(field="/body/steps", why="order")
    open_at = _undecided(steps)
    if open_at is not None:
        raise ChainUnfit(field="/body/steps", why="amount", amount_minor=open_at)


def _fault(step: Step) -> str | None:
    if bool(step.user_ids) == (step.role is not None) or len(set(step.user_ids)) < len(step.user_ids):
        return "approvers"
    if step.role is not None and step.quorum is StepQuorum.ALL:
        return "quorum"
    if step.from_minor < 0 or (step.below_minor is not None and step.below_minor <= step.from_minor):
        return "amount"
    if not 1 <= step.deadline_days <= DAYS_MAX:
        return "deadline"
    if step.reminder_days is not None and not 1 <= step.reminder_days < step.deadline_days:
        return "reminder"
    return None


def _undecided(steps: Sequence[Step]) -> int | None:
    """The least amount that no step decides, in fen; None where there is none."""
    reached = 0
    for first, below in sorted((step.from_minor, step.below_minor) for step in steps if step.below_minor):
        if first <= reached < below:
            reached = below
    ends_open = [step.from_minor for step in steps if step.below_minor is None]
    return None if ends_open and min(ends_open) <= reached else reached
