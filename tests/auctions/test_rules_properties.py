"""Any history of commands at any times keeps the invariants I-01, I-02, I-06, I-07, I-08."""

from dataclasses import dataclass
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from app.auctions.rules import engine
from app.auctions.rules.commands import (
    Cancel,
    CancelReason,
    Command,
    PlaceBid,
    Resume,
    Suspend,
    SuspendReason,
    Tick,
)
from app.auctions.rules.facts import BidPlaced, Extended, KnockedDown, PassedIn
from app.auctions.rules.ladder import Ladder, Step
from app.auctions.rules.snapshot import Lead, Snapshot
from app.auctions.states import BIDDING, ENDED, AuctionStatus
from app.kit.errors import Refusal
from tests.auctions.sale import START, Sale, bidder, ready, seconds, terms

CODES = ("3172", "3211", "3260", "3311")

ladders = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 60)), min_size=0, max_size=3, unique_by=lambda step: step[0]
).flatmap(
    lambda upper: st.integers(1, 60).map(
        lambda first: Ladder(
            steps=(
                Step(from_minor=0, increment_minor=first),
                *(Step(from_minor=f, increment_minor=i) for f, i in sorted(upper)),
            )
        )
    )
)


@dataclass(frozen=True)
class Move:
    """One thing that somebody tries, so many seconds after the last one (or before it: a clock that runs back)."""

    after: float
    kind: str
    code: str
    steps: int
    off: int


moves = st.lists(
    st.builds(
        Move,
        after=st.one_of(
            st.sampled_from([0.0, 0.000001, 59.0, 60.0, 61.0]),
            st.floats(-120, 1_500, allow_nan=False).map(lambda s: round(s, 6)),
        ),
        kind=st.sampled_from(["bid"] * 8 + ["tick"] * 3 + ["suspend", "resume", "resume", "cancel"]),
        code=st.sampled_from(CODES),
        steps=st.integers(0, 6),
        off=st.sampled_from([0, 0, 0, 0, 1, -1]),
    ),
    max_size=40,
)


def command_of(move: Move, now: Snapshot) -> Command:
    """The command of a move; a bid is mostly on the ladder."""
    if move.kind == "bid":
        amount = now.next_minor + (move.steps - 1) * now.increment_minor + move.off
        return PlaceBid(bidder=bidder(move.code), amount_minor=max(1, amount))
    if move.kind == "suspend":
        return Suspend(reason=SuspendReason.OBJECTION, note="异议")
    if move.kind == "resume":
        return Resume(note="恢复")
    if move.kind == "cancel" and move.steps == 0:
        return Cancel(reason=CancelReason.COURT_ORDER, document_no="甲1", note="撤销")
    return Tick()


def play(sale: Sale, history: list[Move]) -> None:
    """Play a history, checking each step, and let the sale end unless it is suspended or cancelled."""
    at = START
    for move in history:
        at += seconds(move.after)
        before = sale.now
        try:
            told = sale.does(command_of(move, before), at)
        except Refusal:
            assert sale.now is before
            continue
        check_step(before, sale.now, at, [fact for fact in told if isinstance(fact, BidPlaced)])
    while (due := engine.due(sale.now)) is not None:
        assert sale.ticks(due)


def check_step(before: Snapshot, after: Snapshot, at: datetime, bids: list[BidPlaced]) -> None:
    """What holds between any two states."""
    held = at if before.last_at is None else max(at, before.last_at)
    if before.ends_at is not None and after.ends_at is not None:
        assert after.ends_at >= before.ends_at, "I-07: the end moved back"
    if before.status in ENDED:
        assert after == before, "I-08: an ended sale changed"
    for bid in bids:
        assert after.status in BIDDING
        if before.status in BIDDING:
            assert before.ends_at is not None and held < before.ends_at, "I-06: accepted at or after the end"
        assert after.ends_at is not None and bid.at < after.ends_at
        assert bid.amount_minor >= before.next_minor
        assert bid.bidder_code != before.leader_code


def check_record(sale: Sale) -> None:
    """What holds of any whole record, computed from it alone."""
    assert [fact.seq for fact in sale.facts] == list(range(1, len(sale.facts) + 1)), "I-02: seq has a gap"
    assert all(a.at <= b.at for a, b in zip(sale.facts, sale.facts[1:], strict=False))
    bids = [fact for fact in sale.facts if isinstance(fact, BidPlaced)]
    assert [bid.bid_no for bid in bids] == list(range(1, len(bids) + 1)), "I-02: bid_no has a gap"
    price = sale.first.terms.start_price_minor
    for number, bid in enumerate(bids):
        increment = sale.first.terms.ladder.increment_at(price)
        raised = bid.amount_minor - price
        assert raised % increment == 0
        assert raised >= (increment if number else 0), "I-02: not raised by the increment"
        price = bid.amount_minor
    extensions = [fact for fact in sale.facts if isinstance(fact, Extended)]
    assert [fact.extension_count for fact in extensions] == list(range(1, len(extensions) + 1))
    bid_of = {bid.seq: bid for bid in bids}
    for moved in extensions:
        window = seconds(sale.first.terms.window_seconds)
        assert moved.ends_at == bid_of[moved.bid_seq].at + window, "I-07: not the bid's time plus the window"
    wins = [fact for fact in sale.facts if isinstance(fact, KnockedDown)]
    passes = [fact for fact in sale.facts if isinstance(fact, PassedIn)]
    if sale.now.status is AuctionStatus.AWARDED:
        best = max(bids, key=lambda bid: (bid.amount_minor, -bid.seq))
        (win,) = wins
        assert (win.bidder_code, win.amount_minor, win.bid_seq, win.bid_no) == (
            best.bidder_code,
            best.amount_minor,
            best.seq,
            best.bid_no,
        ), "I-01: not the best earliest bid"
        assert win is sale.facts[-1], "something follows the close"
    else:
        assert not wins
    if sale.now.status is AuctionStatus.PASSED_IN:
        assert not bids and len(passes) == 1
    assert engine.replay(sale.first, sale.facts) == sale.now, "I-34: a replay differs"


@settings(max_examples=300, deadline=None)
@given(
    history=moves,
    ladder=ladders,
    window=st.sampled_from([60, 61, 300, 600]),
    extensions_max=st.sampled_from([None, None, 1, 3]),
    cap=st.sampled_from([None, None, 5_000]),
)
def test_any_history_keeps_the_invariants(
    history: list[Move], ladder: Ladder, window: int, extensions_max: int | None, cap: int | None
) -> None:
    sale = ready(
        start_price_minor=100,
        deposit_minor=10,
        ladder=ladder,
        window_seconds=window,
        extensions_max=extensions_max,
        jump_cap_bp=cap,
    )
    play(sale, history)
    check_record(sale)
    assert extensions_max is None or sale.now.extension_count <= extensions_max


@given(ladder=ladders, price=st.integers(100, 10_000), count=st.integers(1, 50))
def test_the_next_amount_always_counts_and_less_never_does(ladder: Ladder, price: int, count: int) -> None:
    lead = Lead(amount_minor=price, code="3260", seq=1, bid_no=1)
    now = Snapshot(terms=terms(ladder=ladder, start_price_minor=100), lead=lead)
    increment = ladder.increment_at(price)
    assert now.next_minor == price + increment
    for step in ladder.steps:
        if step.from_minor <= price:
            last = step
    assert last.increment_minor == increment
    assert price + count * increment >= now.next_minor
