"""I-01. At most one winner; the winner is the best bid, ties by the earliest `seq`, save a holder of first refusal who wins
by his rule; recomputable from the record.
"""

from math import inf

from app.auctions.rules.facts import BidCorrected, BidPlaced, KnockedDown, PassedIn, PassReason, PriorityTaken
from app.auctions.rules.terms import PriorityStyle
from app.auctions.states import AuctionStatus
from tests.invariants.record import Record, require


def standing(record: Record) -> list[BidPlaced]:
    """The bids that were not struck."""
    struck: set[int] = set()
    for fact in record.facts:
        if isinstance(fact, BidCorrected):
            struck |= set(range(fact.bid_no, fact.last_bid_no + 1))
    return [bid for bid in record.bids if bid.bid_no not in struck]


def best_of(bids: list[BidPlaced]) -> BidPlaced | None:
    """The highest amount; at one amount a match by the best rank, then the earliest."""
    return max(
        bids, key=lambda b: (b.amount_minor, -inf if b.rank is None else -b.rank, -b.seq), default=None
    )


def of_record(record: Record) -> None:
    """The outcome is the one that the bids alone give."""
    wins = [fact for fact in record.facts if isinstance(fact, KnockedDown)]
    passes = [fact for fact in record.facts if isinstance(fact, PassedIn)]
    awarded = record.now.status is AuctionStatus.AWARDED
    require(len(wins) == int(awarded), "I-01", f"{len(wins)} winners in a sale that is {record.now.status}")
    passed = record.now.status is AuctionStatus.PASSED_IN
    require(len(passes) == int(passed), "I-01", f"passed in {len(passes)} times")
    best = best_of(standing(record))
    if passed:
        _passed(record, passes[0], best)
    if awarded:
        assert best is not None, "I-01: awarded without a bid"
        _won(record, wins[0], best)


def _passed(record: Record, fact: PassedIn, best: BidPlaced | None) -> None:
    if fact.reason is not PassReason.RESERVE_NOT_MET:
        require(best is None, "I-01", f"passed in for {fact.reason} although there was a bid")
    elif record.now.terms.reserve_commitment is None or record.secret_reserve is not None:
        missed = best is not None and best.amount_minor < _reserve(record)
        require(missed, "I-01", "passed in below a reserve that was met")


def _won(record: Record, win: KnockedDown, best: BidPlaced) -> None:
    told, due = (win.amount_minor, win.bid_no, win.bid_seq), (best.amount_minor, best.bid_no, best.seq)
    require(told == due, "I-01", f"won by {told}, the best bid was {due}")
    require(best.amount_minor >= _reserve(record), "I-01", "won below the reserve")
    taken = [fact.holder for fact in record.facts if isinstance(fact, PriorityTaken)]
    if taken:
        first = min(taken, key=lambda holder: holder.rank)
        after_close = record.now.terms.priority is PriorityStyle.AFTER_CLOSE
        require(after_close and win.by_priority, "I-01", "a right was used that the notice does not give")
        require(win.bidder_code == first.code, "I-01", f"won by {win.bidder_code}, taken by {first}")
    else:
        require(
            win.bidder_code == best.bidder_code, "I-01", f"won by {win.bidder_code}, not {best.bidder_code}"
        )


def _reserve(record: Record) -> int:
    return max(record.now.terms.reserve_minor or 0, record.secret_reserve or 0)
