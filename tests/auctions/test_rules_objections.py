"""What a notice holds of its sale: pure."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.auctions import errors
from app.auctions.rules import engine
from app.auctions.rules.commands import Hammer, Resume, SuspendReason, Tick
from app.auctions.rules.facts import Fact, Suspended
from app.auctions.rules.given import Given
from app.auctions.rules.objections import NOTE
from app.auctions.rules.record import replay
from app.auctions.states import AuctionStatus
from app.kit.errors import Refusal
from app.notices.rules.clock import NoticeClock
from app.notices.rules.gate import Held, standing
from app.notices.states import NoticeStatus
from tests.auctions.sale import CLOSES, NOTICE, START, Sale, bid, notice, ready, seconds, started
from tests.notices.test_rules_clock import running

MICROSECOND = timedelta(microseconds=1)
S = AuctionStatus


def _held(sale: Sale, held: Held, after: timedelta) -> tuple[Fact, ...]:
    assert sale.now.ends_at is not None or sale.now.timetable is not None
    at = (sale.now.ends_at or START) + after
    return engine.decide(sale.now, Tick(), at, Given(notice=held))


def test_a_close_that_is_due_does_not_happen_while_the_notice_stands_still() -> None:
    sale = started()
    sale.bids("3260", 200, START + seconds(60))
    told = _held(sale, Held(held_since=START + seconds(120), until=None), seconds(1))
    assert [fact.kind for fact in told] == ["suspended"]
    assert isinstance(told[0], Suspended)
    assert (told[0].reason, told[0].since, told[0].note) == (
        SuspendReason.OBJECTION,
        START + seconds(120),
        NOTE,
    )


@pytest.mark.parametrize(("offset", "closed"), [(-1, False), (0, False), (1, True)])
def test_what_was_due_before_the_standstill_has_happened(offset: int, closed: bool) -> None:
    sale = started()
    sale.bids("3260", 200, START + seconds(60))
    sale.ticks(START + seconds(3_600))
    assert sale.now.ends_at is not None
    since = sale.now.ends_at + offset * MICROSECOND
    told = _held(sale, Held(held_since=since, until=None), seconds(1))
    assert (told[-1].kind == "knocked_down") is closed


def test_no_bidding_begins_before_the_notice_has_passed() -> None:
    sale = ready()
    told = engine.decide(
        sale.now, Tick(), START, Given(notice=Held(held_since=None, until=START + MICROSECOND))
    )
    assert [(fact.kind, getattr(fact, "reason", None)) for fact in told] == [
        ("suspended", SuspendReason.NOTICE_RUNNING)
    ]
    begun = engine.decide(sale.now, Tick(), START, Given(notice=Held(held_since=None, until=START)))
    assert [fact.kind for fact in begun] == ["bidding_started"]


def test_a_running_notice_holds_no_registration() -> None:
    sale = Sale()
    sale.does(notice(), NOTICE)
    running_on = Given(notice=Held(held_since=None, until=START))
    told = engine.decide(sale.now, Tick(), CLOSES, running_on)
    assert [fact.kind for fact in told] == ["registration_opened", "registration_closed"]


def test_an_outcome_is_refused_while_the_notice_stands_still() -> None:
    sale = started()
    sale.bids("3260", 200, START + seconds(60))
    held = Given(notice=Held(held_since=START + seconds(90), until=None))
    with pytest.raises(errors.BiddingSuspended):
        engine.decide(sale.now, bid("8811", 210), START + seconds(100), held)
    with pytest.raises(Refusal):
        engine.decide(sale.now, Hammer(), START + seconds(100), held)


def test_a_sale_resumes_at_the_bid_that_came_before_the_suspension() -> None:
    sale = started()
    sale.bids("3260", 200, START + seconds(60))
    sale.bids("8811", 210, START + seconds(130))
    told = _held(sale, Held(held_since=START + seconds(120), until=None), seconds(1))
    now = replay(sale.now, told)
    back = engine.decide(now, Resume(note="恢复"), told[0].at + timedelta(days=1))
    now = replay(now, back)
    assert now.lead is not None
    assert (now.status, now.lead.code) == (S.FREE_BIDDING, "8811")


@pytest.mark.parametrize(
    ("changed", "since_pause", "waits"),
    [
        ({}, False, True),
        ({"status": NoticeStatus.PASSED}, False, False),
        ({"status": NoticeStatus.SCHEDULED, "ends_at": None}, False, False),
        ({"open_objections": 1}, False, True),
        ({"status": NoticeStatus.PAUSED, "open_objections": 1}, True, False),
    ],
)
def test_a_notice_within_its_period_holds_only_what_begins(
    changed: dict[str, object], since_pause: bool, waits: bool
) -> None:
    told: NoticeClock = running(**changed)
    assert told.starts_at is not None
    paused = replace(told, paused_since=told.starts_at if since_pause else None)
    found = standing(paused, told.starts_at + MICROSECOND)
    assert found.held_since == (told.starts_at if since_pause else None)
    assert (found.until is not None) is waits


@pytest.mark.parametrize(("offset", "held"), [(-1, False), (0, True), (1, True)])
def test_an_undecided_objection_holds_the_sale_from_the_end_of_the_period_on(offset: int, held: bool) -> None:
    told = running(open_objections=1)
    assert told.ends_at is not None
    found = standing(told, told.ends_at + offset * MICROSECOND)
    assert (found.held_since == told.ends_at) is held
