"""State machines move along their edges and nowhere else."""

from dataclasses import dataclass
from enum import StrEnum

import pytest

from app.kit.states import IllegalTransition, Machine


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    OFF = "off"


MACHINE: Machine[Light] = Machine(
    "light", Light.RED, {Light.RED: frozenset({Light.GREEN}), Light.GREEN: frozenset({Light.RED, Light.OFF})}
)


@dataclass
class Row:
    status: str = "red"


def test_an_edge_of_the_graph_is_taken() -> None:
    row = Row()
    MACHINE.advance(row, Light.GREEN)
    assert row.status == "green"


@pytest.mark.parametrize(("here", "to"), [("red", "red"), ("red", "off"), ("off", "red"), ("green", "green")])
def test_every_other_move_is_refused_and_changes_nothing(here: str, to: str) -> None:
    row = Row(here)
    with pytest.raises(IllegalTransition) as refused:
        MACHINE.advance(row, Light(to))
    assert (row.status, refused.value.data) == (here, {"status_now": here, "status_wanted": to})


def test_the_diagram_shows_each_edge_and_each_end() -> None:
    assert MACHINE.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> red",
        "    red --> green",
        "    green --> red",
        "    green --> off",
        "    off --> [*]",
    ]


def test_the_check_names_every_state() -> None:
    assert MACHINE.check_sql() == "status IN ('red', 'green', 'off')"
