"""I-01. At most one winner; the winner is the best bid, ties by the earliest `seq`; recomputable from the record."""

from app.auctions.rules.facts import KnockedDown, PassedIn
from app.auctions.states import AuctionStatus
from tests.invariants.record import Record, require


def of_record(record: Record) -> None:
    """The outcome is the one that the bids alone give."""
    wins = [fact for fact in record.facts if isinstance(fact, KnockedDown)]
    passes = [fact for fact in record.facts if isinstance(fact, PassedIn)]
    awarded = record.now.status is AuctionStatus.AWARDED
    require(len(wins) == int(awarded), "I-01", f"{len(wins)} winners in a sale that is {record.now.status}")
    passed = record.now.status is AuctionStatus.PASSED_IN
    require(len(passes) == int(passed), "I-01", f"passed in {len(passes)} times")
    if passed:
        require(not record.bids, "I-01", "passed in although there was a bid")
    if awarded:
        best = max(record.bids, key=lambda bid: (bid.amount_minor, -bid.seq))
        win = wins[0]
        told = (win.bidder_code, win.amount_minor, win.bid_no, win.bid_seq)
        due = (best.bidder_code, best.amount_minor, best.bid_no, best.seq)
        require(told == due, "I-01", f"won by {told}, the best bid was {due}")
