"""The runner's decisions: what a session does by itself and when, and which lot may be called up."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from app.auctions.rules.terms import SessionProfile
from app.auctions.sessions import rules
from app.auctions.sessions.errors import (
    LotOutOfOrder,
    LotWaits,
    SessionDayOver,
    SessionHours,
    SessionOutOfBounds,
    SessionStage,
)
from app.auctions.sessions.rules import Lot, Session, Step
from app.auctions.sessions.states import SessionStatus
from app.auctions.states import AuctionStatus
from app.kit.errors import Refusal

# A Friday, 10:00 in Shanghai; the day ends at 17:30.
START = datetime(2026, 3, 13, 2, 0, tzinfo=UTC)
LIMIT = START + timedelta(hours=7, minutes=30)
A = AuctionStatus


def lots(*statuses: AuctionStatus, over_at: datetime | None = None) -> list[Lot]:
    """Lots numbered from 1; those that are over left the block at `over_at`."""
    return [
        Lot(lot_no=number, status=status, over_at=over_at if status in rules.OVER else None)
        for number, status in enumerate(statuses, start=1)
    ]


def session(*statuses: AuctionStatus, over_at: datetime | None = None, **changed: object) -> Session:
    """An online session that is running."""
    usual = Session(
        status=SessionStatus.RUNNING,
        profile=SessionProfile.ONLINE_SESSION,
        starts_at=START,
        continues_at=None,
        started_at=START,
        day_opens=time(9, 30),
        day_ends=time(17, 30),
        adjourns=True,
        gap_seconds=20,
        lots=lots(*statuses, over_at=over_at),
    )
    return replace(usual, **changed)  # type: ignore[arg-type]


def test_an_announced_session_begins_at_its_start() -> None:
    assert rules.due(session(A.READY, status=SessionStatus.NOTICED), START) == (START, Step.START)


def test_an_online_session_opens_its_first_lot_at_once_and_the_next_after_the_gap() -> None:
    assert rules.due(session(A.READY, A.READY), START) == (START, Step.OPEN_LOT)
    over = START + timedelta(minutes=20)
    told = rules.due(session(A.AWARDED, A.READY, over_at=over), over)
    assert told == (over + timedelta(seconds=20), Step.OPEN_LOT)


def test_a_withdrawn_lot_is_passed_over() -> None:
    now = session(A.AWARDED, A.CANCELLED, A.READY, over_at=START)
    assert now.turn is not None
    assert now.turn.lot_no == 3


def test_nothing_happens_by_itself_while_a_lot_is_on_the_block() -> None:
    for status in (A.FREE_BIDDING, A.TIMED_BIDDING, A.ON_THE_BLOCK, A.ADJOURNED, A.SUSPENDED):
        assert rules.due(session(status, A.READY), START) is None


def test_a_lot_that_finance_has_not_signed_off_is_waited_for() -> None:
    waiting = session(A.REGISTRATION_CLOSED, A.READY)
    assert rules.due(waiting, START) == (LIMIT, Step.ADJOURN)
    assert rules.due(replace(waiting, adjourns=False), START) is None


def test_in_a_hall_only_the_days_limit_comes_by_itself() -> None:
    hall = session(A.AWARDED, A.READY, over_at=START, profile=SessionProfile.HALL)
    assert rules.due(hall, START) == (LIMIT, Step.ADJOURN)


def test_past_the_limit_a_session_adjourns_if_its_notice_says_so() -> None:
    late = LIMIT + timedelta(minutes=5)
    now = session(A.AWARDED, A.READY, over_at=late)
    assert rules.due(now, late) == (LIMIT, Step.ADJOURN)
    assert rules.due(replace(now, adjourns=False), late) == (late + timedelta(seconds=20), Step.OPEN_LOT)


def test_an_adjourned_session_goes_on_when_the_next_day_opens() -> None:
    monday = START + timedelta(days=3)
    now = session(A.READY, status=SessionStatus.ADJOURNED, continues_at=monday)
    assert rules.due(now, START) == (monday, Step.CONTINUE)


def test_a_session_ends_once_nothing_more_happens_on_any_lot() -> None:
    assert rules.due(session(A.AWARDED, A.PASSED_IN, over_at=START), START) == (START, Step.END)
    pending = session(A.AWARDED, A.PRIORITY_PENDING, over_at=START)
    assert rules.due(pending, START) is None


def refused(now: Session, lot_no: int, at: datetime) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rules.check_open(now, lot_no, at)
    return caught.value


def test_the_auctioneer_opens_the_lot_whose_turn_it_is() -> None:
    hall = session(A.READY, A.READY, profile=SessionProfile.HALL)
    rules.check_open(hall, 1, START)
    assert isinstance(refused(hall, 2, START), LotOutOfOrder)
    assert isinstance(refused(hall, 1, LIMIT), SessionDayOver)
    assert isinstance(refused(session(A.REGISTRATION_CLOSED), 1, START), LotWaits)
    early = replace(hall, status=SessionStatus.NOTICED)
    assert isinstance(refused(early, 1, START - timedelta(seconds=1)), SessionStage)


@pytest.mark.parametrize(
    ("hour", "minute", "working", "fits"),
    [
        (9, 0, True, True),
        (17, 0, True, True),
        (8, 59, True, False),
        (17, 1, True, False),
        (10, 0, False, False),
    ],
)
def test_a_session_starts_on_a_working_day_between_nine_and_five(
    hour: int, minute: int, working: bool, fits: bool
) -> None:
    at = datetime(2026, 3, 13, hour - 8, minute, tzinfo=UTC)
    if fits:
        rules.check_start(at, is_working=working)
    else:
        with pytest.raises(SessionHours):
            rules.check_start(at, is_working=working)


def test_units_are_free_only_once_they_are_paid_for() -> None:
    assert rules.free_units(units=3, leading=1, won=1, held=True) == 1
    assert rules.free_units(units=3, leading=0, won=0, held=False) == 0


def test_a_lot_whose_start_was_moved_is_not_opened_before_it() -> None:
    moved = START + timedelta(minutes=5)
    waiting = session(A.READY)
    late = replace(waiting, lots=[replace(waiting.lots[0], starts_at=moved)])
    assert rules.due(late, START) == (moved, Step.OPEN_LOT)


@pytest.mark.parametrize(
    ("field", "lowest", "highest"),
    [
        ("day_opens", 480, 1_259),
        ("day_ends", 481, 1_260),
        ("gap_seconds", 0, 900),
        ("call_seconds", 10, 30),
        ("units_max", 1, 200),
        ("paddle_first", 1, 99_999),
        ("paddle_last", 1, 99_999),
    ],
)
def test_every_number_of_a_session_is_bounded_by_the_rule_profile_which_names_its_source(
    field: str, lowest: int, highest: int
) -> None:
    for allowed in (lowest, highest):
        rules.check_number(field, allowed)
    for beyond in (lowest - 1, highest + 1):
        with pytest.raises(SessionOutOfBounds) as refused:
            rules.check_number(field, beyond)
        assert refused.value.data["rule_source"] == "house rule"


def test_a_day_of_sale_is_said_in_hours_and_is_not_turned_round() -> None:
    rules.check_day(time(8, 0), time(21, 0))
    with pytest.raises(SessionOutOfBounds) as refused:
        rules.check_day(time(7, 59), time(17, 30))
    assert (refused.value.data["lowest"], refused.value.data["highest"]) == ("08:00", "20:59")
    with pytest.raises(Refusal) as turned:
        rules.check_day(time(17, 30), time(17, 30))
    assert turned.value.code == "session_unfit"
