"""The bid and the close: what counts, what is refused and in which order."""

from typing import Any

import pytest

from app.auctions import errors
from app.auctions.rules import engine
from app.auctions.rules.commands import Cancel, CancelReason, PlaceBid, Suspend, SuspendReason, Tick
from app.auctions.rules.facts import BidPlaced, KnockedDown, PassedIn
from app.auctions.rules.ladder import Ladder, Step
from app.auctions.states import AuctionStatus
from app.kit.errors import Refusal
from tests.auctions.sale import (
    DEPOSIT_DUE,
    START,
    WAN,
    Sale,
    bid,
    bidder,
    only,
    ready,
    refused,
    seconds,
    started,
    terms,
)

FREE_END = START + seconds(3_600)
END = FREE_END + seconds(300)
DURING = START + seconds(60)


# --- the worked example: 200 → 300 万 in steps of 10 万 -------------------------------------------------------------


def test_the_worked_example_is_knocked_down_at_300_wan_to_the_last_bidder() -> None:
    sale = started()
    sale.bids("3260", 200, DURING)
    sale.bids("3172", 210, DURING + seconds(1))
    sale.bids("3260", 260, FREE_END + seconds(10))
    sale.bids("3311", 270, FREE_END + seconds(200))
    sale.bids("3260", 300, FREE_END + seconds(499))
    assert sale.now.ends_at == FREE_END + seconds(799)
    assert sale.ticks(FREE_END + seconds(798.999)) == ()

    outcome = only(sale.ticks(FREE_END + seconds(799)), KnockedDown)

    assert (outcome.bidder_code, outcome.amount_minor, outcome.bid_no) == ("3260", 300 * WAN, 5)
    assert sale.now.status is AuctionStatus.AWARDED
    assert sale.now.extension_count == 3
    assert sale.kinds() == [
        "noticed",
        "registration_opened",
        "registration_closed",
        "readied",
        "bidding_started",
        "bid_placed",
        "bid_placed",
        "timed_bidding_started",
        "bid_placed",
        "extended",
        "bid_placed",
        "extended",
        "bid_placed",
        "extended",
        "knocked_down",
    ]
    assert [fact.seq for fact in sale.facts] == list(range(1, 16))


def test_one_bidder_suffices() -> None:
    sale = started()
    sale.bids("3260", 200, DURING)
    assert only(sale.ticks(END), KnockedDown).amount_minor == 200 * WAN


def test_without_a_bid_the_lot_passes_in() -> None:
    sale = started()
    told = sale.ticks(END)
    assert [fact.kind for fact in told] == ["timed_bidding_started", "passed_in"]
    assert only(told, PassedIn).at == END
    assert sale.now.status is AuctionStatus.PASSED_IN
    assert engine.due(sale.now) is None


# --- amounts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wan", [200, 210, 250, 1_000])
def test_a_first_bid_is_the_start_price_or_whole_steps_above_it(wan: int) -> None:
    sale = started()
    assert only(sale.bids("3260", wan, DURING), BidPlaced).amount_minor == wan * WAN


@pytest.mark.parametrize(
    ("current", "wan", "code"),
    [
        (None, 199.99, "bid_below_start"),
        (None, 0.01, "bid_below_start"),
        (None, 205, "bid_off_ladder"),
        (None, 200.000001, "bid_off_ladder"),
        (250, 199, "bid_below_start"),
        (250, 200, "bid_not_above_current"),
        (250, 250, "bid_not_above_current"),
        (250, 259.999999, "bid_not_above_current"),
        (250, 260.01, "bid_off_ladder"),
        (250, 265, "bid_off_ladder"),
    ],
)
def test_amounts_that_do_not_count(current: float | None, wan: float, code: str) -> None:
    sale = started()
    if current is not None:
        sale.bids("3172", current, DURING)
    assert refused(sale, bid("3260", wan)).code == code


def test_a_refusal_names_the_next_amount_and_the_nearest_valid_ones() -> None:
    sale = started()
    sale.bids("3172", 250, DURING)
    low = refused(sale, bid("3260", 255))
    assert low.data == {"current_price": "2500000.00", "next_amount": "2600000.00"}
    assert low.field == "/body/amount"
    odd = refused(sale, bid("3260", 274))
    assert odd.data == {
        "increment": "100000.00",
        "lower_amount": "2700000.00",
        "higher_amount": "2800000.00",
    }


def test_the_increment_in_force_is_that_of_the_current_price() -> None:
    ladder = Ladder(
        steps=(
            Step(from_minor=0, increment_minor=WAN),
            Step(from_minor=50 * WAN, increment_minor=2 * WAN),
            Step(from_minor=100 * WAN, increment_minor=5 * WAN),
        )
    )
    sale = started(start_price_minor=28 * WAN, deposit_minor=0, ladder=ladder)
    sale.bids("3172", 49, DURING)
    assert sale.now.next_minor == 50 * WAN
    sale.bids("3260", 50, DURING)
    assert sale.now.next_minor == 52 * WAN
    assert refused(sale, bid("3172", 51)).code == "bid_not_above_current"
    assert refused(sale, bid("3172", 53)).code == "bid_off_ladder"
    # A jump over a band is measured by the step at the price it leaves.
    sale.bids("3172", 102, DURING)
    assert sale.now.next_minor == 107 * WAN


def test_the_usual_ladder_is_the_trades() -> None:
    usual = Ladder.usual()
    assert usual.flaw() is None
    steps = {3: 0.1, 12: 0.5, 28: 1, 50: 2, 80: 2, 160: 5, 200: 10, 900: 10}
    assert {price: usual.increment_at(price * WAN) / WAN for price in steps} == steps


def test_people_jump_and_no_cap_stops_them_unless_the_notice_sets_one() -> None:
    sale = started()
    sale.bids("3172", 200, DURING)
    assert only(sale.bids("3260", 2_000, DURING), BidPlaced).amount_minor == 2_000 * WAN


def test_a_hard_cap_in_the_notice_refuses_what_is_beyond_it_only() -> None:
    sale = started(jump_cap_bp=5_000)
    assert refused(sale, bid("3260", 310)).data == {"highest_amount": "3000000.00"}
    sale.bids("3260", 300, DURING)
    assert refused(sale, bid("3172", 460)).code == "bid_above_jump_cap"
    sale.bids("3172", 450, DURING)


def test_a_cap_below_one_increment_leaves_the_next_amount_open() -> None:
    sale = started(jump_cap_bp=5_000, ladder=Ladder.fixed(150 * WAN))
    sale.bids("3260", 200, DURING)
    assert refused(sale, bid("3172", 500)).code == "bid_above_jump_cap"
    sale.bids("3172", 350, DURING)


# --- bidders --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        ({"is_seller": True}, "seller_may_not_bid"),
        ({"is_related": True}, "seller_may_not_bid"),
        ({"is_registered": False}, "bidder_not_registered"),
        ({"is_qualified": False}, "bidder_not_qualified"),
        ({"code": None}, "bidder_not_qualified"),
        ({"deposit_held": False}, "bidder_deposit_not_held"),
    ],
)
def test_who_may_not_bid(standing: dict[str, Any], code: str) -> None:
    command = PlaceBid(bidder=bidder(**standing), amount_minor=200 * WAN)
    refusal = refused(started(), command)
    assert (refusal.code, refusal.status) == (code, 403)


def test_a_sale_without_a_deposit_asks_for_none() -> None:
    sale = started(deposit_minor=0)
    sale.does(bid("3260", 200, deposit_held=False), DURING)
    assert sale.now.leader_code == "3260"


def test_nobody_raises_himself_but_may_answer_another() -> None:
    sale = started()
    sale.bids("3260", 200, DURING)
    assert refused(sale, bid("3260", 210)).code == "already_highest"
    sale.bids("3172", 210, DURING)
    sale.bids("3260", 220, DURING)
    assert sale.now.current_minor == 220 * WAN


# --- the order of refusals ------------------------------------------------------------------------------------------


def test_refusals_come_in_their_documented_order() -> None:
    sale = started(jump_cap_bp=5_000)
    sale.bids("3260", 200, DURING)
    wrongs: list[dict[str, Any]] = [
        {"is_seller": True},
        {"is_registered": False},
        {"is_qualified": False},
        {"deposit_held": False},
        {},
    ]
    # Everything is wrong at once; taking the first wrong away shows the next.
    standing = {name: value for wrong in wrongs for name, value in wrong.items()}
    seen = []
    for wrong in wrongs:
        seen.append(refused(sale, PlaceBid(bidder=bidder("3260", **standing), amount_minor=1)).code)
        for name in wrong:
            del standing[name]
    for wan in (0.01, 205, 215, 400):
        seen.append(refused(sale, bid("3172", wan)).code)
    assert seen == [
        "seller_may_not_bid",
        "bidder_not_registered",
        "bidder_not_qualified",
        "bidder_deposit_not_held",
        "already_highest",
        "bid_below_start",
        "bid_not_above_current",
        "bid_off_ladder",
        "bid_above_jump_cap",
    ]


def test_the_moment_is_judged_before_the_bidder() -> None:
    stranger = PlaceBid(bidder=bidder(is_seller=True), amount_minor=1)
    assert refused(ready(), stranger, DEPOSIT_DUE + seconds(1)).code == "bidding_not_started"
    assert refused(Sale(), stranger, DURING).code == "bidding_not_started"
    sale = started()
    assert refused(sale, stranger, END).code == "bidding_ended"
    sale.does(Suspend(reason=SuspendReason.OBJECTION, note="异议核实"), DURING)
    assert refused(sale, stranger, END).code == "bidding_suspended"
    sale.does(Cancel(reason=CancelReason.COURT_ORDER, document_no="（2026）浙01执3号", note="依法撤销"), END)
    assert refused(sale, stranger, END).code == "auction_cancelled"


def test_after_the_close_every_bid_is_too_late() -> None:
    for bids in ([], [200]):
        sale = started()
        for wan in bids:
            sale.bids("3172", wan, DURING)
        sale.ticks(END)
        assert refused(sale, bid("3260", 300), END).code == "bidding_ended"
        # I-08: a clock that runs back reopens nothing.
        assert refused(sale, bid("3260", 300), DURING).code == "bidding_ended"


def test_a_refusal_changes_nothing_and_says_the_same_again() -> None:
    sale = started()
    before = sale.now
    first, second = refused(sale, bid("3260", 205)), refused(sale, bid("3260", 205))
    assert sale.now == before
    assert (first.code, first.data, first.detail_zh) == (second.code, second.data, second.detail_zh)


def test_every_refusal_has_two_sentences_a_remedy_and_a_source() -> None:
    def tree(kind: type[Refusal]) -> list[type[Refusal]]:
        return [kind, *(found for below in kind.__subclasses__() for found in tree(below))]

    roots = (
        errors.BidRefused,
        errors.TermsOutOfBounds,
        errors.NoticeRefused,
        errors.StageRefused,
        errors.OperatorIsSeller,
    )
    # Rooms inside this one draw their own trees.
    home = errors.__name__
    kinds = [kind for root in roots for kind in tree(root) if kind.__module__.startswith(home)]
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind.title_zh and kind.title_en and kind.remedy_zh and kind.remedy_en and kind.source
        assert kind.__name__ in (errors.__doc__ or "")
    statutory = {kind.code: kind.source for kind in kinds if not kind.source.startswith("house rule")}
    assert statutory == {
        "statutory_notice_too_short": "拍卖法 art. 45",
        "statutory_withdrawal_after_start": "拍卖法 art. 29",
    }


def test_tick_of_a_draft_does_nothing() -> None:
    assert engine.decide(engine.draft(terms()), Tick(), DURING) == ()
