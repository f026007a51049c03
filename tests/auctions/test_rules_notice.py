"""Before the bidding, and its interruptions: notice, competition, reconciliation, suspension, cancellation."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from app.auctions.rules import engine
from app.auctions.rules.bounds import check_terms
from app.auctions.rules.commands import (
    Cancel,
    CancelReason,
    MarkReady,
    PublishNotice,
    Resume,
    Suspend,
    SuspendReason,
)
from app.auctions.rules.competition import terms_of_competition, timetable_of_competition
from app.auctions.rules.facts import KnockedDown, Noticed, Readied, Resumed
from app.auctions.rules.ladder import Ladder, Step
from app.auctions.rules.terms import Organiser, SessionProfile
from app.auctions.states import LIVE, MACHINE, AuctionStatus
from app.kit.dates import market_date
from app.kit.errors import Refusal
from tests.auctions.sale import (
    CLOSES,
    DEPOSIT_DUE,
    NOTICE,
    OPENS,
    START,
    WAN,
    Sale,
    bid,
    competition,
    notice,
    only,
    ready,
    refused,
    seconds,
    started,
    terms,
    timetable,
)

FREE_END = START + seconds(3_600)
END = FREE_END + seconds(300)
FAULT = Suspend(reason=SuspendReason.SYSTEM_FAULT, note="系统故障")
ONWARD = Resume(note="故障已排除")


def withdrawal(reason: CancelReason = CancelReason.SELLER_WITHDRAWAL) -> Cancel:
    """A cancellation with its paper."""
    return Cancel(reason=reason, document_no="浙农科〔2026〕12号", note="专利未缴年费")


# --- terms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"start_price_minor": 0, "deposit_minor": 0}, "start_price"),
        ({"ladder": Ladder(steps=())}, "ladder"),
        ({"ladder": Ladder.fixed(0)}, "ladder"),
        ({"ladder": Ladder(steps=(Step(from_minor=1, increment_minor=1),))}, "ladder"),
        ({"ladder": Ladder(steps=(Step(from_minor=0, increment_minor=1),) * 2)}, "ladder"),
        (
            {"ladder": Ladder(steps=tuple(Step(from_minor=n, increment_minor=1) for n in range(13)))},
            "ladder",
        ),
        ({"deposit_minor": 60 * WAN + 1}, "deposit"),
        ({"deposit_minor": -1}, "deposit"),
        ({"free_seconds": 3_599}, "free_seconds"),
        (
            {"session_profile": SessionProfile.ONLINE_SESSION, "window_seconds": 60, "free_seconds": 899},
            "free_seconds",
        ),
        ({"session_profile": SessionProfile.ONLINE_SESSION, "window_seconds": 181}, "window_seconds"),
        ({"window_seconds": 59}, "window_seconds"),
        ({"window_seconds": 601}, "window_seconds"),
        ({"extensions_max": 0}, "extensions_max"),
        ({"jump_cap_bp": 4_999}, "jump_cap_bp"),
        ({"organiser": Organiser.LICENSED_AUCTION_HOUSE, "notice_days_min": 6}, "notice_days_min"),
        ({"restart_notice_seconds": 59}, "restart_notice_seconds"),
    ],
)
def test_terms_out_of_bounds_are_refused_with_their_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_terms(terms(**changed))
    assert (caught.value.code, caught.value.field) == ("terms_out_of_bounds", f"/body/terms/{field}")


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"deposit_minor": 0},
        {"deposit_minor": 60 * WAN},
        {"window_seconds": 60},
        {"window_seconds": 600},
        {"extensions_max": 1, "jump_cap_bp": 5_000},
        {"session_profile": SessionProfile.ONLINE_SESSION, "free_seconds": 900, "window_seconds": 180},
    ],
)
def test_terms_at_their_bounds_are_taken(changed: dict[str, Any]) -> None:
    check_terms(terms(**changed))


# --- the notice -----------------------------------------------------------------------------------------------------


def test_a_notice_pins_terms_and_timetable() -> None:
    sale = Sale()
    told = only(sale.does(notice(), NOTICE), Noticed)
    assert (told.seq, told.terms, told.timetable) == (1, terms(), timetable())
    assert sale.now.status is AuctionStatus.NOTICED
    assert engine.due(sale.now) == OPENS


def test_the_sale_is_at_the_earliest_on_the_seventh_calendar_day() -> None:
    early = {
        "registration_closes_at": NOTICE + timedelta(days=4),
        "deposit_due_at": NOTICE + timedelta(days=5),
    }
    # 00:00 of the seventh day in Shanghai.
    seventh = NOTICE + timedelta(days=7) - timedelta(hours=9)
    Sale().does(notice(**early, starts_at=seventh), NOTICE)
    refusal = refused(Sale(), notice(**early, starts_at=seventh - timedelta(microseconds=1)), NOTICE)
    assert (refusal.code, refusal.source) == ("notice_too_short", "house rule")
    assert refusal.data == {"notice_days_min": 7, "earliest_start_on": "2026-03-09"}


def test_the_floor_is_the_statutes_where_a_licensed_house_sells() -> None:
    sale = Sale(organiser=Organiser.LICENSED_AUCTION_HOUSE)
    command = notice(registration_closes_at=OPENS, deposit_due_at=OPENS, starts_at=NOTICE + timedelta(days=6))
    refusal = refused(sale, command, NOTICE)
    assert (refusal.code, refusal.source) == ("statutory_notice_too_short", "拍卖法 art. 45")


@pytest.mark.parametrize(
    ("changed", "earlier", "later"),
    [
        ({"registration_opens_at": NOTICE - seconds(1)}, "now", "registration_opens_at"),
        ({"registration_closes_at": OPENS - seconds(1)}, "registration_opens_at", "registration_closes_at"),
        ({"deposit_due_at": CLOSES - seconds(1)}, "registration_closes_at", "deposit_due_at"),
        ({"starts_at": DEPOSIT_DUE - seconds(1)}, "deposit_due_at", "starts_at"),
    ],
)
def test_a_timetable_out_of_order_is_refused(changed: dict[str, Any], earlier: str, later: str) -> None:
    refusal = refused(Sale(), notice(**changed), NOTICE)
    assert (refusal.code, refusal.field) == ("timetable_out_of_order", f"/body/{later}")
    assert refusal.data == {"earlier": earlier, "later": later}


@pytest.mark.parametrize("days", [-401, 401, 1_000_000])
def test_a_timetable_beyond_the_horizon_is_refused(days: int) -> None:
    refusal = refused(Sale(), notice(starts_at=NOTICE + timedelta(days=days)), NOTICE)
    assert (refusal.code, refusal.field) == ("timetable_too_far", "/body/starts_at")


def test_deposits_are_due_a_working_day_before_the_start() -> None:
    table = timetable()
    on = market_date(START) + timedelta(days=1)
    refusal = refused(Sale(), PublishNotice(timetable=table, earliest_start_on=on), NOTICE)
    assert refusal.code == "deposit_due_too_late"
    assert refusal.data == {"earliest_start_on": "2026-03-13"}


def test_a_notice_is_published_once() -> None:
    sale = Sale()
    sale.does(notice(), NOTICE)
    assert refused(sale, notice(), NOTICE).code == "auction_stage"


def test_a_listed_sale_brings_its_registrations_along() -> None:
    sale = Sale()
    sale.does(competition(), START - seconds(60))
    assert sale.now.status is AuctionStatus.READY
    assert engine.due(sale.now) == START
    sale.bids("3260", 200, START)
    assert sale.kinds() == ["competition_called", "readied", "bidding_started", "bid_placed"]


def test_the_terms_of_a_competition_follow_from_the_listing() -> None:
    found = terms_of_competition(ask_minor=160 * WAN, deposit_minor=16 * WAN)
    check_terms(found)
    assert (found.start_price_minor, found.deposit_minor) == (160 * WAN, 16 * WAN)
    assert found.ladder.increment_at(160 * WAN) == 5 * WAN
    table = timetable_of_competition(
        registration_opens_at=OPENS,
        registration_closes_at=CLOSES,
        deposit_due_at=DEPOSIT_DUE,
        starts_on=market_date(START),
    )
    # Ten o'clock in Shanghai.
    assert table.starts_at.isoformat() == "2026-03-12T02:00:00+00:00"


def test_a_competition_does_not_start_in_the_past() -> None:
    assert refused(Sale(), competition(), START + seconds(1)).code == "timetable_out_of_order"


# --- reconciliation -------------------------------------------------------------------------------------------------


def test_deposits_are_signed_off_after_they_were_due() -> None:
    sale = Sale()
    sale.does(notice(), NOTICE)
    assert refused(sale, MarkReady(), CLOSES - seconds(1)).code == "auction_stage"
    assert refused(sale, MarkReady(), DEPOSIT_DUE - seconds(1)).code == "ready_too_early"
    told = sale.does(MarkReady(), DEPOSIT_DUE)
    assert [fact.kind for fact in told] == ["registration_opened", "registration_closed", "readied"]
    assert only(told, Readied).starts_at == START


def test_without_the_signature_the_sale_does_not_start() -> None:
    sale = Sale()
    sale.does(notice(), NOTICE)
    sale.ticks(END)
    assert sale.now.status is AuctionStatus.REGISTRATION_CLOSED
    assert engine.due(sale.now) is None
    assert refused(sale, bid("3260", 200), END).code == "bidding_not_started"


def test_a_late_signature_postpones_the_start_with_notice() -> None:
    sale = Sale()
    sale.does(notice(), NOTICE)
    told = sale.does(MarkReady(), START + seconds(600))
    assert only(told, Readied).starts_at == START + seconds(900)
    sale.ticks(START + seconds(900))
    assert sale.now.ends_at == START + seconds(900 + 3_600 + 300)


# --- suspension -----------------------------------------------------------------------------------------------------


def test_a_suspension_gives_back_what_was_left() -> None:
    sale = started()
    sale.bids("3260", 200, START + seconds(600))
    sale.does(FAULT, START + seconds(900))
    assert engine.due(sale.now) is None
    assert sale.ticks(END + seconds(1)) == ()
    told = only(sale.does(ONWARD, START + seconds(900 + 86_400)), Resumed)
    assert told.free_ends_at == FREE_END + timedelta(days=1)
    assert told.ends_at == END + timedelta(days=1)
    assert sale.now.status is AuctionStatus.FREE_BIDDING
    assert (sale.now.leader_code, sale.now.current_minor) == ("3260", 200 * WAN)
    # The announced start is past and stays what it was.
    assert told.timetable == timetable()


def test_a_resumed_sale_has_at_least_a_window_left() -> None:
    for least, window in ((300, 60), (300, 300), (600, 600)):
        sale = started(window_seconds=window, restart_notice_seconds=300)
        end = FREE_END + seconds(window)
        sale.does(FAULT, end - seconds(2))
        sale.does(ONWARD, end + seconds(8))
        assert sale.now.status is AuctionStatus.TIMED_BIDDING
        assert sale.now.ends_at == end + seconds(8 + least)


def test_a_suspension_before_the_start_moves_what_lay_ahead() -> None:
    sale = Sale()
    sale.does(notice(), NOTICE)
    sale.ticks(OPENS)
    sale.does(FAULT, OPENS + seconds(10))
    sale.does(ONWARD, OPENS + seconds(10) + timedelta(days=2))
    assert sale.now.status is AuctionStatus.REGISTRATION_OPEN
    assert sale.now.timetable == timetable(
        registration_closes_at=CLOSES + timedelta(days=2),
        deposit_due_at=DEPOSIT_DUE + timedelta(days=2),
        starts_at=START + timedelta(days=2),
    )


def test_a_ready_sale_resumes_with_notice_of_the_start() -> None:
    sale = ready()
    sale.does(FAULT, START - seconds(5))
    sale.does(ONWARD, START + seconds(5))
    assert sale.now.timetable == timetable(starts_at=START + seconds(305))


def test_only_a_live_sale_is_suspended_and_only_a_suspended_one_resumed() -> None:
    assert refused(Sale(), FAULT, NOTICE).code == "auction_stage"
    assert refused(started(), ONWARD, START).code == "not_suspended"
    sale = started()
    sale.does(FAULT, START)
    assert refused(sale, FAULT, START).code == "auction_stage"
    assert refused(started(), FAULT, END).code == "auction_stage"


# --- cancellation ---------------------------------------------------------------------------------------------------


def test_the_seller_withdraws_before_the_bidding_and_not_afterwards() -> None:
    for sale, at in ((Sale(), NOTICE), (ready(), START - seconds(1))):
        sale.does(withdrawal(), at)
        assert sale.now.status is AuctionStatus.CANCELLED
    refusal = refused(ready(), withdrawal(), START)
    assert (refusal.code, refusal.source) == ("withdrawal_after_start", "house rule")
    sale = started()
    sale.does(FAULT, START + seconds(5))
    assert refused(sale, withdrawal(), START + seconds(6)).code == "withdrawal_after_start"
    statutory = started(organiser=Organiser.LICENSED_AUCTION_HOUSE)
    assert refused(statutory, withdrawal(), START).source == "拍卖法 art. 29"


@pytest.mark.parametrize(
    "reason", [CancelReason.SUPERVISOR_ORDER, CancelReason.COURT_ORDER, CancelReason.TITLE_DEFECT]
)
def test_an_order_or_a_defect_of_title_ends_a_running_sale_without_a_winner(reason: CancelReason) -> None:
    sale = started()
    sale.bids("3260", 200, START)
    sale.does(withdrawal(reason), START + seconds(1))
    assert sale.now.status is AuctionStatus.CANCELLED
    assert engine.due(sale.now) is None
    assert not any(isinstance(fact, KnockedDown) for fact in sale.facts)


def test_what_has_ended_cannot_be_cancelled() -> None:
    sale = started()
    sale.bids("3260", 200, START)
    assert refused(sale, withdrawal(CancelReason.COURT_ORDER), END).code == "auction_stage"
    sale.ticks(END)
    assert refused(sale, withdrawal(CancelReason.COURT_ORDER), END).code == "auction_stage"


# --- states ---------------------------------------------------------------------------------------------------------


def test_nothing_leaves_an_ended_state_and_every_live_one_can_be_interrupted() -> None:
    for ended in (AuctionStatus.AWARDED, AuctionStatus.PASSED_IN, AuctionStatus.CANCELLED):
        assert not any(MACHINE.allows(ended, to) for to in AuctionStatus)
    for live in LIVE:
        assert MACHINE.allows(live, AuctionStatus.SUSPENDED)
        assert MACHINE.allows(AuctionStatus.SUSPENDED, live)
        assert MACHINE.allows(live, AuctionStatus.CANCELLED)
    winners = {
        here for here, to in product(AuctionStatus, [AuctionStatus.AWARDED]) if MACHINE.allows(here, to)
    }
    assert winners == {
        AuctionStatus.TIMED_BIDDING,
        AuctionStatus.ON_THE_BLOCK,
        AuctionStatus.OPENING,
        AuctionStatus.PRIORITY_PENDING,
    }
