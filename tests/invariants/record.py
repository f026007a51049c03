"""What the checkers look at: a sale's whole record, or one decision in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.auctions.rules import engine
from app.auctions.rules.facts import BidPlaced, Fact
from app.auctions.rules.given import NOTHING, Given
from app.auctions.rules.snapshot import Snapshot


class Violation(AssertionError):
    """Something that must always hold does not."""

    def __init__(self, invariant: str, what: str) -> None:
        super().__init__(f"{invariant}: {what}")
        self.invariant = invariant


def require(holds: bool, invariant: str, what: str) -> None:
    """Raise `Violation` unless it holds."""
    if not holds:
        raise Violation(invariant, what)


@dataclass(frozen=True)
class Record:
    """The draft that a sale began as, and its public facts in their order."""

    first: Snapshot
    facts: Sequence[Fact]
    secret_reserve: int | None = None
    """In fen, where the checker is trusted with it."""

    @cached_property
    def states(self) -> list[Snapshot]:
        """The sale before each fact, and after the last one."""
        states = [self.first]
        for fact in self.facts:
            states.append(engine.apply(states[-1], fact))
        return states

    @property
    def now(self) -> Snapshot:
        """The sale after its last fact."""
        return self.states[-1]

    @cached_property
    def bids(self) -> list[BidPlaced]:
        """Every bid that was entered, in order."""
        return [fact for fact in self.facts if isinstance(fact, BidPlaced)]


@dataclass(frozen=True)
class Step:
    """One decision: the sale before and after it, what it entered, the market time and what else it was given."""

    before: Snapshot
    after: Snapshot
    facts: Sequence[Fact]
    at: datetime
    given: Given = NOTHING
    """What only the market knew, with the maxima as they are after it."""

    @cached_property
    def states(self) -> list[Snapshot]:
        """The sale before each of the decision's facts, and after the last one."""
        states = [self.before]
        for fact in self.facts:
            states.append(engine.apply(states[-1], fact))
        return states
