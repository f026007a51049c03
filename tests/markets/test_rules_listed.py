"""The life of a listing on plain values: every edge of its graph, and when it needs attention by itself."""

from datetime import UTC, datetime, timedelta
from itertools import product
from types import SimpleNamespace

import pytest

from app.kit.states import IllegalTransition
from app.markets.listed.rules import STANDS, Result, due, kind_of
from app.markets.listed.states import AFTER, MACHINE, RUNNING
from app.markets.states import ENDED, ListingStatus

S = ListingStatus
ENDS_AT = datetime(2026, 12, 9, 9, tzinfo=UTC)
EVALUATES_AT = ENDS_AT + timedelta(days=1)

EDGES = {
    (S.LISTED, S.SUSPENDED),
    (S.LISTED, S.EVALUATING),
    (S.LISTED, S.AWARDED),
    (S.LISTED, S.WITHDRAWN),
    (S.SUSPENDED, S.LISTED),
    (S.SUSPENDED, S.TERMINATED),
    (S.SUSPENDED, S.WITHDRAWN),
    (S.EVALUATING, S.LISTED),
    (S.EVALUATING, S.QUOTING),
    (S.EVALUATING, S.COMPETITION),
    (S.EVALUATING, S.AWARDED),
    (S.EVALUATING, S.UNSOLD),
    (S.EVALUATING, S.OVER),
    (S.EVALUATING, S.WITHDRAWN),
    (S.QUOTING, S.AWARDED),
    (S.QUOTING, S.WITHDRAWN),
    (S.COMPETITION, S.AWARDED),
    (S.COMPETITION, S.UNSOLD),
    (S.COMPETITION, S.WITHDRAWN),
}
"""domain.md 2.2, with a withdrawal in every state that is not the end."""


@pytest.mark.parametrize(("here", "to"), list(product(ListingStatus, ListingStatus)))
def test_a_listing_takes_the_edges_of_its_graph_and_no_other(here: S, to: S) -> None:
    row = SimpleNamespace(status=str(here))
    if (here, to) in EDGES:
        MACHINE.advance(row, to)
        assert row.status == to
        return
    with pytest.raises(IllegalTransition):
        MACHINE.advance(row, to)
    assert row.status == here


def test_a_listing_needs_attention_at_its_end_and_at_its_evaluation() -> None:
    found = {status: due(status, ends_at=ENDS_AT, evaluates_at=EVALUATES_AT) for status in ListingStatus}
    assert {status: at for status, at in found.items() if at is not None} == {
        S.LISTED: ENDS_AT,
        S.EVALUATING: EVALUATES_AT,
    }


def test_every_result_and_every_end_of_an_offering_leads_out_of_the_running_states() -> None:
    assert set(STANDS) == set(Result) - {Result.WITHDRAWN}
    assert not set(STANDS.values()) & set(RUNNING)
    assert set(AFTER) == set(ENDED)
    assert all(MACHINE.allows(S.EVALUATING, to) for to in AFTER.values())


@pytest.mark.parametrize(("capacity", "kind"), [(1, "one"), (2, "fixed_price"), (None, "fixed_price")])
def test_what_several_may_have_is_listed_at_a_fixed_price(capacity: int | None, kind: str) -> None:
    assert kind_of(capacity) == kind
