"""Inputs convert nothing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from app.kit.dates import Instant
from app.kit.schemas import Input, QueryInput


class Below(Input):
    """A part of a body."""

    count: int | None = None


class Body(Input):
    """A body with one of each kind."""

    yes: bool = True
    on: date | None = None
    at: Instant | None = None
    below: tuple[Below, ...] = ()


class Asked(QueryInput):
    """A query."""

    limit: int = 50
    dry: bool = False


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ({"yes": 1}, ("yes",)),
        ({"yes": "true"}, ("yes",)),
        ({"on": 86_400}, ("on",)),
        ({"on": "86400"}, ("on",)),
        ({"at": 1_800_000_000}, ("at",)),
        ({"at": 1.5}, ("at",)),
        ({"below": [{"count": "7"}]}, ("below", 0, "count")),
        ({"below": [{"count": True}]}, ("below", 0, "count")),
        ({"below": [{"count": 7.0}]}, ("below", 0, "count")),
    ],
)
def test_a_value_of_another_kind_is_named(sent: dict[str, Any], at: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        Body.model_validate(sent)
    assert [error["loc"] for error in refused.value.errors()] == [at]


def test_what_is_written_in_its_own_form_is_taken() -> None:
    sent = {"yes": False, "on": "2026-11-02", "at": "2026-11-02T09:00:00+08:00", "below": [{"count": 7}]}
    body = Body.model_validate(sent)
    assert (body.yes, body.on, body.below[0].count) == (False, date(2026, 11, 2), 7)
    assert body.at == datetime(2026, 11, 2, 1, tzinfo=UTC)


def test_a_tables_cells_are_text_and_a_query_is_text() -> None:
    assert Body.model_validate({"yes": "true", "below": [{"count": "7"}]}, strict=False).below[0].count == 7
    asked = Asked.model_validate({"limit": "20", "dry": "true"})
    assert (asked.limit, asked.dry) == (20, True)
