"""A new version out of the latest one and the values that a supervisor changes. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.kit.dates import market_date
from app.markets.profiles.documents import OF_AUCTIONS, OWN, parameter_of
from app.markets.profiles.errors import (
    ProfileDocumentUnfit,
    ProfileEffectiveNotAhead,
    ProfileOutOfBounds,
    ProfileSamePerson,
    ProfileScopeTooNarrow,
)

AUCTION: Final = "auction_"
"""Names of the auctions' parameters begin with it, as the profiles are shown."""

LEAD: Final = timedelta(minutes=1)
"""A version is there for everybody before its day begins: nothing is published in the last minute before it."""


def next_document(latest: Mapping[str, Any], changes: Mapping[str, int]) -> dict[str, Any]:
    """The latest version's document with other values; units, bounds and sources stay, and so do a province's own values.

    Raises `ProfileDocumentUnfit` for a name that there is not and for no change, then `ProfileOutOfBounds`.
    """
    unknown = sorted(name for name in changes if _place(name) is None)
    if unknown:
        raise ProfileDocumentUnfit(field="/body/changes", names=unknown)
    made = {**latest, "version": latest["version"] + 1}
    for part in ("parameters", "auction"):
        made[part] = dict(latest[part])
    for name, value in changes.items():
        place = _place(name)
        assert place is not None
        part, inner = place
        _check_bounds(name, made[part][inner], value)
        made[part][inner] = {**made[part][inner], "value": value}
    if all(made[part] == latest[part] for part in ("parameters", "auction")):
        raise ProfileDocumentUnfit(field="/body/changes", names=sorted(changes))
    return made


def _place(name: str) -> tuple[str, str] | None:
    if name in OWN:
        return "parameters", name
    inner = name.removeprefix(AUCTION)
    return ("auction", inner) if name.startswith(AUCTION) and inner in OF_AUCTIONS else None


def _check_bounds(name: str, document: Mapping[str, Any], value: int) -> None:
    one = parameter_of(document)
    lowest = 0 if one.floor is None else one.floor
    if lowest <= value and (one.ceiling is None or value <= one.ceiling):
        return
    raise ProfileOutOfBounds(
        f"参数{name}须不低于{lowest}" + (f"、不高于{one.ceiling}。" if one.ceiling is not None else "。"),
        f"{name} is at least {lowest}" + (f" and at most {one.ceiling}." if one.ceiling is not None else "."),
        field="/body/changes",
        name=name,
        floor=lowest,
        ceiling=one.ceiling,
        unit=str(one.unit),
        rule_source=one.source,
    )


def check_effective(effective_on: date, at: datetime, *, before_on: date) -> None:
    """Refuse a day that has begun (or begins within a minute), or that lies before the day of the version before."""
    earliest = max(market_date(at + LEAD) + timedelta(days=1), before_on)
    if effective_on < earliest:
        raise ProfileEffectiveNotAhead(field="/body/effective_on", earliest_on=str(earliest))


def check_scope(region_prefix: str) -> None:
    """Refuse a supervisor of less than a province."""
    if len(region_prefix) > 2:
        raise ProfileScopeTooNarrow()


def check_second_person(*, same: bool) -> None:
    """Refuse whoever proposed the version. House rule."""
    if same:
        raise ProfileSamePerson()
