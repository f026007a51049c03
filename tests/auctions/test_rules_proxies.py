"""Automatic bids by their written rule, against a slow and obvious model of it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auctions.rules.commands import BidVia, CancelProxy, CorrectFloorBid, OpenLot, PlaceBid, SetProxy
from app.auctions.rules.facts import BidPlaced, Extended, ProxyCommitted
from app.auctions.rules.given import Proxy
from app.auctions.rules.ladder import Ladder, Step
from app.auctions.rules.proxies import answers
from app.auctions.rules.snapshot import Lead, Snapshot
from tests.auctions.sale import START, WAN, Sale, bidder, only, ready, refused, seconds, started, terms
from tests.auctions.test_rules_hall import HALL

DURING = START + seconds(60)


def leaves(sale: Sale, code: str, wan: float, at: Any = DURING) -> list[BidPlaced]:
    """Somebody leaves a maximum. Returns the bids that follow."""
    command = SetProxy(
        bidder=bidder(code), max_minor=round(wan * WAN), no=len(sale.left) + 1, commitment="c" * 64
    )
    told = sale.does(command, at)
    sale.left = [proxy for proxy in sale.left if proxy.code != code]
    sale.left.append(Proxy(no=command.no, code=code, max_minor=command.max_minor))
    return [fact for fact in told if isinstance(fact, BidPlaced)]


def shown(bids: list[BidPlaced]) -> list[tuple[str, int]]:
    """Code and 万元 of each."""
    return [(placed.bidder_code, placed.amount_minor // WAN) for placed in bids]


def test_alone_a_maximum_bids_the_start_price_and_no_more() -> None:
    sale = started()
    assert shown(leaves(sale, "3260", 300)) == [("3260", 200)]
    assert shown(leaves(sale, "3260", 400)) == []
    assert sale.now.current_minor == 200 * WAN


def test_it_answers_a_bid_by_one_increment() -> None:
    sale = started()
    leaves(sale, "3260", 300)
    told = sale.bids("3172", 240, DURING)
    placed = [fact for fact in told if isinstance(fact, BidPlaced)]
    assert [(one.bidder_code, one.amount_minor // WAN, one.via) for one in placed] == [
        ("3172", 240, BidVia.WEB),
        ("3260", 250, BidVia.PROXY),
    ]
    assert placed[1].answers == placed[0].bid_no


def test_of_two_maxima_the_higher_one_wins_one_increment_above_the_lower() -> None:
    sale = started()
    leaves(sale, "3260", 300)
    assert shown(leaves(sale, "3172", 350)) == [("3260", 300), ("3172", 310)]


def test_a_maximum_below_the_other_is_shown_where_it_ended() -> None:
    sale = started()
    leaves(sale, "3260", 300)
    assert shown(leaves(sale, "3172", 255)) == [("3172", 250), ("3260", 260)]


def test_of_equal_maxima_the_earlier_stands() -> None:
    sale = started()
    leaves(sale, "3260", 300)
    assert shown(leaves(sale, "3172", 300)) == [("3172", 290), ("3260", 300)]


def test_maxima_left_before_the_start_bid_when_it_comes() -> None:
    sale = ready()
    assert leaves(sale, "3260", 300, START - timedelta(hours=1)) == []
    assert leaves(sale, "3172", 260, START - timedelta(minutes=5)) == []
    placed = [fact for fact in sale.ticks(START + seconds(2)) if isinstance(fact, BidPlaced)]
    assert shown(placed) == [("3172", 260), ("3260", 270)]


def test_automatic_bids_extend_like_others_and_once() -> None:
    sale = started(free_seconds=3_600, window_seconds=300)
    leaves(sale, "3260", 300)
    late = START + seconds(3_800)
    told = sale.bids("3172", 210, late)
    extended = only(told, Extended)
    assert extended.ends_at == late + seconds(300)
    assert extended.bid_seq == [fact.seq for fact in told if isinstance(fact, BidPlaced)][-1]


def test_only_the_commitment_of_a_maximum_is_public() -> None:
    sale = started()
    leaves(sale, "3260", 333)
    committed = [fact for fact in sale.facts if isinstance(fact, ProxyCommitted)]
    assert [fact.commitment for fact in committed] == ["c" * 64]
    assert str(333 * WAN) not in str(sale.facts) and "3260" not in str(committed)


def test_a_maximum_that_is_taken_back_bids_no_more() -> None:
    sale = started()
    leaves(sale, "3260", 300)
    sale.does(CancelProxy(bidder=bidder("3260"), commitment="c" * 64), DURING)
    sale.left = []
    placed = [fact for fact in sale.bids("3172", 210, DURING) if isinstance(fact, BidPlaced)]
    assert shown(placed) == [("3172", 210)]
    assert refused(sale, CancelProxy(bidder=bidder("3260"), commitment=None)).code == "proxy_absent"


@pytest.mark.parametrize(
    ("changed", "wan", "code"),
    [
        ({"proxy_allowed": False}, 300, "proxy_not_allowed"),
        ({}, 190, "proxy_below_next"),
    ],
)
def test_a_maximum_that_cannot_count_is_refused(changed: dict[str, Any], wan: float, code: str) -> None:
    sale = started(**changed)
    command = SetProxy(bidder=bidder("3260"), max_minor=round(wan * WAN), no=1, commitment="c" * 64)
    assert refused(sale, command).code == code


def test_who_leads_may_lower_his_maximum_as_far_as_the_price() -> None:
    sale = started()
    leaves(sale, "3260", 300)
    assert leaves(sale, "3260", 200) == []
    below = SetProxy(bidder=bidder("3260"), max_minor=199 * WAN, no=9, commitment="c" * 64)
    assert refused(sale, below).code == "proxy_below_next"


def test_in_a_hall_a_mandate_answers_the_floor_and_a_correction_strikes_both() -> None:
    sale = ready(**HALL)
    leaves(sale, "3172", 500, START - seconds(60))
    sale.does(OpenLot(), START)
    assert (sale.now.leader_code, sale.now.current_minor) == ("3172", 200 * WAN)
    told_before = len(sale.facts)
    sale.does(_by_paddle("3260", 400), START + seconds(10))
    assert shown([f for f in sale.facts[told_before:] if isinstance(f, BidPlaced)]) == [
        ("3260", 400),
        ("3172", 410),
    ]
    sale.does(CorrectFloorBid(bid_no=2), START + seconds(12))
    assert (sale.now.leader_code, sale.now.current_minor, sale.now.bid_no) == ("3172", 200 * WAN, 3)
    floor_bid = only(
        [f for f in sale.does(_by_paddle("3260", 210), START + seconds(14)) if f.kind == "bid_placed"][:1],
        BidPlaced,
    )
    assert floor_bid.bid_no == 4


def _by_paddle(code: str, wan: float) -> Any:
    return PlaceBid(bidder=bidder(code), amount_minor=round(wan * WAN), via=BidVia.FLOOR)


# --- the model ------------------------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(st.integers(1, 60), st.integers(1, 9)), min_size=0, max_size=3, unique_by=lambda s: s[0]
)


@st.composite
def positions(draw: st.DrawFn) -> tuple[Snapshot, list[Proxy]]:
    """A ladder, a price somewhere on it, who leads, and some maxima."""
    later = sorted(draw(steps))
    first = draw(st.integers(1, 9))
    ladder = Ladder(
        steps=(
            Step(from_minor=0, increment_minor=first),
            *(Step(from_minor=at, increment_minor=by) for at, by in later),
        )
    )
    start = draw(st.integers(1, 40))
    lead = None
    if draw(st.booleans()):
        price = start
        for _ in range(draw(st.integers(0, 8))):
            price += ladder.increment_at(price)
        lead = Lead(amount_minor=price, code=draw(st.sampled_from("AB")), seq=1, bid_no=1)
    maxima = draw(st.dictionaries(st.sampled_from("ABCD"), st.integers(1, 120), max_size=4))
    numbers = draw(st.permutations(range(1, 5)))
    proxies = [
        Proxy(no=number, code=code, max_minor=most)
        for number, (code, most) in zip(numbers, maxima.items(), strict=False)
    ]
    return Snapshot(terms=terms(ladder=ladder, start_price_minor=start), lead=lead, bid_no=1), proxies


def _walk(now: Snapshot) -> list[int]:
    found, at = [], now.next_minor
    while at <= 200:
        found.append(at)
        at += now.terms.ladder.increment_at(at)
    return found


@given(positions())
def test_the_outcome_is_that_of_an_obvious_model(position: tuple[Snapshot, list[Proxy]]) -> None:
    now, proxies = position
    walk = _walk(now)
    # The obvious model: everybody's highest step; the highest stands, the earlier of equals; the price is the first
    # step at which nobody else still could, or would by the right of the earlier.
    reach = {
        p.code: (max(step for step in walk if step <= p.max_minor), -p.no)
        for p in proxies
        if p.max_minor >= walk[0]
    }
    made = answers(now, proxies)
    if not set(reach) - {now.leader_code}:
        assert made == ()
        return
    winner = max(reach, key=lambda code: reach[code])
    others = [reach[code][0] for code in reach if code != winner]
    if not others:
        price = walk[0]
    elif max(others) < reach[winner][0]:
        price = walk[walk.index(max(others)) + 1]
    else:
        price = max(others)
    assert (made[-1].code, made[-1].amount_minor) == (winner, price)
    maximum = {p.code: p.max_minor for p in proxies}
    amounts = [bid.amount_minor for bid in made]
    assert amounts == sorted(set(amounts)) and all(a in walk for a in amounts)
    assert all(bid.amount_minor <= maximum[bid.code] for bid in made) and len(made) <= 2


@given(positions())
def test_when_the_maxima_have_answered_nothing_is_left_to_answer(
    position: tuple[Snapshot, list[Proxy]],
) -> None:
    now, proxies = position
    made = answers(now, proxies)
    if made:
        lead = Lead(amount_minor=made[-1].amount_minor, code=made[-1].code, seq=2, bid_no=2)
        assert answers(Snapshot(terms=now.terms, lead=lead, bid_no=2), proxies) == ()


@given(positions(), st.integers(0, 100))
def test_raising_ones_own_maximum_never_raises_the_price(
    position: tuple[Snapshot, list[Proxy]], more: int
) -> None:
    now, proxies = position
    made = answers(now, proxies)
    if not made:
        return
    lead = Lead(amount_minor=made[-1].amount_minor, code=made[-1].code, seq=2, bid_no=2)
    after = Snapshot(terms=now.terms, lead=lead, bid_no=2)
    raised = [
        Proxy(no=9, code=p.code, max_minor=p.max_minor + more) if p.code == lead.code else p for p in proxies
    ]
    assert answers(after, raised) == ()
