"""State machines as data: one table of transitions, one writer of `.status`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from app.kit.errors import Conflict

S = TypeVar("S", bound=StrEnum)


class IllegalTransition(Conflict):
    """The state machine has no such edge."""

    code = "illegal_transition"
    title_zh = "当前状态不允许此操作"
    title_en = "Not possible in the present state"


class HasStatus(Protocol):
    """A row or snapshot that carries a status."""

    status: Any


@dataclass(frozen=True)
class Machine(Generic[S]):
    """An enum with its graph. `advance` is the only place that assigns a status."""

    name: str
    initial: S
    transitions: Mapping[S, frozenset[S]]

    @property
    def states(self) -> tuple[S, ...]:
        """All states, in the order of the enum."""
        return tuple(type(self.initial))

    def allows(self, here: S, to: S) -> bool:
        """Whether the graph has the edge."""
        return to in self.transitions.get(here, frozenset())

    def advance(self, row: HasStatus, to: S) -> None:
        """Move a row along an edge, or refuse with `illegal_transition` naming both states."""
        here = type(self.initial)(row.status)
        if not self.allows(here, to):
            raise IllegalTransition(
                f"当前状态为“{here}”，不能变为“{to}”。",
                f"The state is {here}; it cannot become {to}.",
                status_now=str(here),
                status_wanted=str(to),
            )
        row.status = to

    def check_sql(self, column: str = "status") -> str:
        """The CHECK constraint's text for a status column."""
        return f"{column} IN ({', '.join(repr(str(state)) for state in self.states)})"

    def diagram(self) -> str:
        """A Mermaid state diagram of the graph."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for here in self.states:
            targets = self.transitions.get(here, frozenset())
            lines += [f"    {here} --> {to}" for to in self.states if to in targets]
            if not targets:
                lines.append(f"    {here} --> [*]")
        return "\n".join(lines)
