"""When one grant stands in the way of another; without a database."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.listings.grants import rules
from app.listings.grants.rules import Overlap, Scope
from app.listings.grants.states import ConflictOutcome, ModeClass
from app.listings.states import IpType

T, X, S, N, P, E = ModeClass
"""Transfer, exclusive, sole, ordinary, open, equity."""
DAY = date(2026, 11, 25)
ACHIEVEMENT = UUID(int=7)


def scope(mode: ModeClass = X, **told: Any) -> Scope:
    return Scope(**({"mode_class": mode, "starts_on": DAY} | told))


def places(*codes: str) -> frozenset[str]:
    return frozenset(codes)


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("202110123456.7", "CN:202110123456"),
        ("ZL 2021 1 0123456.7", "CN:202110123456"),
        ("CN202110123456", "CN:202110123456"),
        ("2021101234567", "CN:202110123456"),
        ("ZL99113861.9", "CN:99113861"),
        ("202119534319.x", "CN:202119534319"),
        ("CN112345678A", "CHN:CN112345678A"),
    ],
)
def test_a_chinese_patent_is_one_right_however_its_number_is_typed(number: str, key: str) -> None:
    for told in ({"application_no": number, "grant_no": None}, {"application_no": None, "grant_no": number}):
        found = rules.right_key(country_code="CHN", kind=IpType.INVENTION, achievement_id=ACHIEVEMENT, **told)
        assert found == key


def test_a_right_of_another_country_or_without_a_number_has_a_key_of_its_own() -> None:
    told: dict[str, Any] = {"achievement_id": ACHIEVEMENT, "grant_no": None}
    american = rules.right_key(country_code="USA", kind=IpType.INVENTION, application_no="16/123,456", **told)
    software = rules.right_key(
        country_code="CHN", kind=IpType.SOFTWARE, application_no="2019SR0123456", **told
    )
    secret = rules.right_key(country_code="CHN", kind=IpType.KNOW_HOW, application_no=None, **told)
    assert (american, software, secret) == ("USA:16123456", "CHN:2019SR0123456", f"KH:{ACHIEVEMENT}")


@pytest.mark.parametrize(
    ("a", "b", "met"),
    [
        (places("CN"), places("330000"), Overlap.OVERLAP),
        (places("33"), places("330106"), Overlap.OVERLAP),
        (places("3301"), places("330200"), Overlap.NONE),
        (places("33"), places("32"), Overlap.NONE),
        (places("CN"), places("CHN"), Overlap.OVERLAP),
        (places("CN"), places("USA"), Overlap.NONE),
        (places("CN"), places("810000"), Overlap.NONE),
        (places("HKG"), places("81"), Overlap.OVERLAP),
        (places("WORLD"), places("330106"), Overlap.OVERLAP),
        (places("WORLD"), places("USA"), Overlap.OVERLAP),
        (places("USA", "CN"), places("JPN", "44"), Overlap.OVERLAP),
        (places(), places("CN"), Overlap.UNCLEAR),
        (places(), places(), Overlap.UNCLEAR),
    ],
)
def test_territories_meet_where_one_holds_the_other(
    a: frozenset[str], b: frozenset[str], met: Overlap
) -> None:
    assert rules.overlap(scope(territories=a), scope(territories=b)) is met
    assert rules.overlap(scope(territories=b), scope(territories=a)) is met


def field(*codes: str, text: str | None = None) -> dict[str, Any]:
    return {"fields": frozenset(codes) or None, "field_text": text}


@pytest.mark.parametrize(
    ("a", "b", "met"),
    [
        (field(), field("ipc:H01M"), Overlap.OVERLAP),
        (field(), field(text="动力电池"), Overlap.OVERLAP),
        (field("ipc:H01M"), field("ipc:H01M10"), Overlap.OVERLAP),
        (field("ipc:H01M"), field("ipc:G01N"), Overlap.NONE),
        (field("gb:3841"), field("gb:38"), Overlap.OVERLAP),
        (field("ipc:H01M"), field("gb:3841"), Overlap.UNCLEAR),
        (field("ipc:H01M", text="电池"), field("ipc:G01N", text="传感器"), Overlap.NONE),
        (field(text="电池"), field(text="传感器"), Overlap.UNCLEAR),
        (field(text="电池"), field(text="电池"), Overlap.OVERLAP),
        (field(text="电池"), field("ipc:G01N"), Overlap.UNCLEAR),
    ],
)
def test_fields_meet_by_their_codes_and_words_alone_decide_nothing(
    a: dict[str, Any], b: dict[str, Any], met: Overlap
) -> None:
    assert rules.overlap(scope(**a), scope(**b)) is met
    assert rules.overlap(scope(**b), scope(**a)) is met


@pytest.mark.parametrize(
    ("ends_on", "starts_on", "met"),
    [
        (DAY + timedelta(days=9), DAY + timedelta(days=9), Overlap.OVERLAP),
        (DAY + timedelta(days=9), DAY + timedelta(days=10), Overlap.NONE),
        (None, DAY + timedelta(days=4000), Overlap.OVERLAP),
    ],
)
def test_the_last_day_of_a_licence_is_still_its_day(
    ends_on: date | None, starts_on: date, met: Overlap
) -> None:
    assert rules.overlap(scope(ends_on=ends_on), scope(starts_on=starts_on)) is met


def test_what_is_apart_in_one_respect_is_apart_however_unclear_the_rest() -> None:
    a, b = (
        scope(territories=places(), field_text="电池"),
        scope(territories=places("CN"), field_text="传感器"),
    )
    assert rules.overlap(a, b) is Overlap.UNCLEAR
    later = scope(territories=places("CN"), field_text="传感器", starts_on=DAY + timedelta(days=31))
    assert rules.overlap(scope(territories=places(), ends_on=DAY), later) is Overlap.NONE


BARRED = {
    T: {T, X, S, N, P, E},
    E: {T, X, S, N, P, E},
    X: {X, S, N, P, E},
    S: {X, S, N, P, E},
    P: {X, S, E},
    N: set(),
}


@pytest.mark.parametrize("existing", list(ModeClass))
@pytest.mark.parametrize("asked", list(ModeClass))
def test_the_matrix_of_what_bars_what_within_one_scope(existing: ModeClass, asked: ModeClass) -> None:
    told = rules.judge(scope(existing), scope(asked))
    barred = asked in BARRED[existing]
    assert told.outcome is (ConflictOutcome.CONFLICT if barred else ConflictOutcome.NONE)
    assert told.disclose is (not barred and asked not in (N, P))


@pytest.mark.parametrize("asked", list(ModeClass))
def test_an_ordinary_licence_excludes_nothing(asked: ModeClass) -> None:
    assert rules.judge(scope(N), scope(asked)).outcome is ConflictOutcome.NONE


def test_a_transferred_right_is_nobody_elses_to_grant_in_any_field() -> None:
    gone = scope(T, **field("ipc:H01M"), territories=places("33"))
    for asked in ModeClass:
        elsewhere = scope(asked, **field("ipc:G01N"), territories=places("USA"))
        assert rules.judge(gone, elsewhere).outcome is ConflictOutcome.CONFLICT


def test_exclusive_for_batteries_and_exclusive_for_sensors_go_together() -> None:
    batteries, sensors = scope(X, **field("ipc:H01M")), scope(X, **field("ipc:G01N"))
    assert rules.judge(batteries, sensors) == rules.Judgement(ConflictOutcome.NONE)
    assert rules.rivals(batteries, sensors) is ConflictOutcome.NONE


def test_an_unclear_overlap_is_no_conflict_and_no_clearance() -> None:
    batteries, cells = scope(X, field_text="动力电池"), scope(N, field_text="储能")
    assert rules.judge(batteries, cells).outcome is ConflictOutcome.UNCLEAR
    assert rules.judge(scope(N, field_text="动力电池"), cells).outcome is ConflictOutcome.NONE


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        (N, N, ConflictOutcome.NONE),
        (N, P, ConflictOutcome.NONE),
        (N, X, ConflictOutcome.CONFLICT),
        (P, X, ConflictOutcome.CONFLICT),
        (T, N, ConflictOutcome.CONFLICT),
        (T, T, ConflictOutcome.CONFLICT),
        (E, N, ConflictOutcome.CONFLICT),
    ],
)
def test_two_sales_of_one_right_are_on_the_market_at_once_where_neither_bars_the_other(
    a: ModeClass, b: ModeClass, outcome: ConflictOutcome
) -> None:
    assert rules.rivals(scope(a), scope(b)) is outcome
    assert rules.rivals(scope(b), scope(a)) is outcome


def test_the_gravest_of_several_outcomes_is_the_outcome() -> None:
    none, conflict, unclear = ConflictOutcome
    assert rules.worst([]) is none
    assert rules.worst([none, unclear]) is unclear
    assert rules.worst([unclear, conflict, none]) is conflict


CODES = st.frozensets(
    st.sampled_from(["CN", "33", "3301", "330106", "32", "USA", "HKG", "WORLD"]), max_size=2
)
FIELDS = st.one_of(
    st.none(),
    st.frozensets(st.sampled_from(["ipc:H01M", "ipc:H01M10", "ipc:G01N", "gb:38"]), min_size=1, max_size=2),
)
DAYS = st.integers(0, 40).map(lambda days: DAY + timedelta(days=days))
SCOPES = st.builds(
    Scope,
    mode_class=st.sampled_from(ModeClass),
    territories=CODES,
    fields=FIELDS,
    field_text=st.sampled_from([None, "电池", "传感器"]),
    starts_on=DAYS,
    ends_on=st.one_of(st.none(), DAYS.map(lambda on: on + timedelta(days=40))),
)


@given(SCOPES, SCOPES)
def test_overlap_and_rivalry_are_the_same_from_both_sides(a: Scope, b: Scope) -> None:
    assert rules.overlap(a, b) is rules.overlap(b, a)
    assert rules.rivals(a, b) is rules.rivals(b, a)


@given(SCOPES, SCOPES, st.sampled_from(["33", "USA", "HKG"]))
def test_a_wider_territory_never_separates_what_met(a: Scope, b: Scope, more: str) -> None:
    wider = Scope(
        mode_class=a.mode_class,
        territories=a.territories | {more} if a.territories else a.territories,
        fields=a.fields,
        field_text=a.field_text,
        starts_on=a.starts_on,
        ends_on=a.ends_on,
    )
    assert rules.overlap(wider, b) >= rules.overlap(a, b)


@given(SCOPES)
def test_a_scope_meets_itself_unless_it_is_not_told_where(a: Scope) -> None:
    assert rules.overlap(a, a) is (Overlap.OVERLAP if a.territories else Overlap.UNCLEAR)
