"""How a case goes through its steps: what opens, who may speak, what an opinion decides. Pure.

Time decides nothing here: a step that is overdue stays open until somebody decides it (house rule).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.approvals.errors import ApproverIsCreator, ApproverNotNamed, ApproverSpoke, ChainUnfit
from app.approvals.rules.chain import Step
from app.approvals.states import CaseStatus, Decision, StepKind, StepQuorum, StepStatus


@dataclass(frozen=True)
class Standing:
    """Where a step stands. `agreed`: in whose name it was agreed to so far."""

    position: int
    group: int
    status: StepStatus
    quorum: StepQuorum
    user_ids: frozenset[UUID]
    agreed: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Delegation:
    """Somebody speaks for an approver from one day to another, both counted. Empty `kinds`: for every kind of step."""

    from_user_id: UUID
    to_user_id: UUID
    from_on: date
    until_on: date
    kinds: frozenset[StepKind] = frozenset()

    def covers(self, kind: StepKind, on: date) -> bool:
        """Whether it holds for this kind of step on this day."""
        return self.from_on <= on <= self.until_on and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True)
class Room:
    """Who may speak to one step now.

    named: the approvers, by name or by the role that they hold today. makers: who put the case together.
    spoken: who has given his opinion; seats: in whose name one was given.
    """

    named: frozenset[UUID]
    delegations: Sequence[Delegation]
    makers: frozenset[UUID]
    spoken: frozenset[UUID] = frozenset()
    seats: frozenset[UUID] = frozenset()


def seat(room: Room, *, user_id: UUID, on_behalf_of: UUID | None) -> UUID:
    """In whose name somebody speaks: his own, or the one approver's whose delegate he is.

    Raises, in this order: `ApproverIsCreator` for a maker and for a maker's delegate, `ApproverNotNamed` (also where he
    is the delegate of several and does not say for whom), `ApproverSpoke`.
    """
    if user_id in room.makers:
        raise ApproverIsCreator()
    lent = {one.from_user_id for one in room.delegations if one.to_user_id == user_id} & room.named
    own = {user_id} & room.named
    open_to = own | lent
    wanted = {on_behalf_of} & open_to if on_behalf_of is not None else own or lent
    if wanted and wanted <= room.makers:
        raise ApproverIsCreator()
    wanted = wanted - room.makers
    if len(wanted) != 1:
        raise ApproverNotNamed()
    (found,) = wanted
    if user_id in room.spoken or found in room.seats:
        raise ApproverSpoke()
    return found


def begin(steps: Sequence[Step], amount_minor: int | None) -> tuple[StepStatus, ...]:
    """How the steps of a case start: those that the amount does not need are skipped; the first group is open."""
    needed = [step.group for step in steps if step.binds(amount_minor)]
    if not needed:
        raise ChainUnfit(field="/body/steps", why="amount")
    first = min(needed)
    return tuple(
        StepStatus.SKIPPED
        if not step.binds(amount_minor)
        else StepStatus.OPEN
        if step.group == first
        else StepStatus.WAITING
        for step in steps
    )


def after(step: Standing, decision: Decision, seat_user_id: UUID) -> StepStatus:
    """Where an open step stands after an opinion: where all must agree, it stays open for the others."""
    if decision is not Decision.APPROVED:
        return StepStatus(decision.value)
    all_agreed = step.user_ids <= step.agreed | {seat_user_id}
    return StepStatus.APPROVED if step.quorum is StepQuorum.ANY or all_agreed else StepStatus.OPEN


def outcome(steps: Sequence[Standing]) -> CaseStatus:
    """Where the case stands: one refusal refuses it, one return returns it, and it is approved when all is agreed."""
    found = {step.status for step in steps}
    if StepStatus.REFUSED in found:
        return CaseStatus.REFUSED
    if StepStatus.RETURNED in found:
        return CaseStatus.RETURNED
    return CaseStatus.RUNNING if found & {StepStatus.OPEN, StepStatus.WAITING} else CaseStatus.APPROVED


def to_open(steps: Sequence[Standing]) -> tuple[int, ...]:
    """The positions of the steps that open now: the next group, once nothing before it is open."""
    if any(step.status is StepStatus.OPEN for step in steps):
        return ()
    waiting = [step for step in steps if step.status is StepStatus.WAITING]
    first = min((step.group for step in waiting), default=None)
    return tuple(step.position for step in waiting if step.group == first)


def is_overdue(due_at: datetime, at: datetime) -> bool:
    """Whether a step's last day is over: 24:00 is the first moment that no longer belongs to it."""
    return at >= due_at


def check_decidable(step: Step, place: int, *, holders: Collection[UUID], makers: frozenset[UUID]) -> None:
    """Refuse to start a case one of whose steps only its makers could decide. `holders`: of the step's role, today.

    Raises `ChainUnfit`.
    """
    named = frozenset(step.user_ids) if step.role is None else frozenset(holders)
    possible = not named & makers if step.quorum is StepQuorum.ALL else bool(named - makers)
    if not possible:
        raise ChainUnfit(field=f"/body/steps/{place}", why="creator")
