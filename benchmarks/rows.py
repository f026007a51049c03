"""The goals: what `make bench` measures, what must hold and what is aimed at."""

from dataclasses import dataclass
from statistics import median
from typing import Any, Final, Literal


@dataclass(frozen=True)
class Goal:
    """One row of the table. sense: `least` or `most`; must None: it is only reported."""

    row: str
    must: float | None
    aim: float | None
    sense: Literal["least", "most"] = "least"


HOT_PLAIN: Final = Goal("HTTP durable bids/s, one hot auction ÷ pgbench, plain statements, 16 clients", 5, 8)
HOT_CALL: Final = Goal("the same ÷ pgbench, one function call, 16 clients", 3, 5)
HOT_LEAN: Final = Goal("the same ÷ no-op of the lean endpoint (authentication, parsing)", 0.45, 0.6)
HOT_ROUTE: Final = Goal("the same ÷ no-op route of the framework with authentication", 1.7, 2.2)
HUNDRED: Final = Goal("bids/s over 100 auctions ÷ over one", 0.6, 0.75)
STORED: Final = Goal("bids/s with {size} bids stored ÷ with none (goal: 5,000,000)", 0.95, 1)
REDIS: Final = Goal("fan-out p50 through Redis ÷ within one process", 1.2, None, "most")
FANOUT: Final = Goal(
    "fan-out p99, 1,000 watchers at 10 events/s ÷ the same with sse-starlette", 0.25, 0.1, "most"
)
DROPPED: Final = Goal("watchers dropped of 1,000, under bidding", 0, 0, "most")
PAINT: Final = Goal("commit to browser paint, p95, under bidding load (ms)", None, None)
CLOSING: Final = Goal("closing 100 auctions due in the same second (s)", 2, None, "most")
SEARCH: Final = Goal("list and search p95 at 100,000 achievements ÷ at 1,000", 2, 1.3, "most")


def told(goal: Goal, values: list[float], **named: Any) -> dict[str, Any]:
    """A row as it is written: the median, and whether it meets the must. Without values it is not measured."""
    name = goal.row.format(**named) if named else goal.row
    value = median(values) if values else None
    met: bool | None = None
    if goal.must is not None:
        met = value is not None and (value >= goal.must if goal.sense == "least" else value <= goal.must)
    return {
        "row": name if values else f"{name} (not measured)",
        "value": None if value is None else round(value, 3),
        "must": goal.must,
        "aim": goal.aim,
        "met": met,
        "rounds": len(values),
        "spread": [round(min(values), 3), round(max(values), 3)] if values else None,
    }


def line(row: dict[str, Any]) -> str:
    """A row for people."""
    sign = {True: "yes", False: "NO", None: "-"}[row["met"]]
    spread = (
        ""
        if row["spread"] is None
        else f"{row['spread'][0]:g} to {row['spread'][1]:g}, {row['rounds']} rounds"
    )
    value = "-" if row["value"] is None else f"{row['value']:g}"
    must = "-" if row["must"] is None else f"{row['must']:g}"
    aim = "-" if row["aim"] is None else f"{row['aim']:g}"
    return (
        f"{value:>9} {must:>6} {aim:>6} {sign:>4}  {row['row']}  ({spread})"
        if spread
        else (f"{value:>9} {must:>6} {aim:>6} {sign:>4}  {row['row']}")
    )
