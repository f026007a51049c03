"""I-02. Accepted amounts improve by whole increments in force; `seq` and `bid_no` are 1..n without a gap."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.facts import BidPlaced
from app.auctions.rules.snapshot import Snapshot
from tests.invariants.record import Record, Step, require
from tests.invariants.stored import Stored


def of_record(record: Record) -> None:
    """Numbers without a gap, and every raise by the ladder."""
    numbers = [fact.seq for fact in record.facts]
    require(numbers == list(range(1, len(numbers) + 1)), "I-02", f"seq has a gap: {numbers}")
    numbers = [bid.bid_no for bid in record.bids]
    require(numbers == list(range(1, len(numbers) + 1)), "I-02", f"bid_no has a gap: {numbers}")
    for before, fact in zip(record.states, record.facts, strict=False):
        if isinstance(fact, BidPlaced):
            _raised(before, fact)


def of_step(step: Step) -> None:
    """The decision's numbers follow on, and each of its bids improves on what stood."""
    seq = step.before.seq
    now = (step.before.current_minor, step.before.leader_code)
    for fact in step.facts:
        seq += 1
        require(fact.seq == seq, "I-02", f"seq {fact.seq} where {seq} was due")
        if isinstance(fact, BidPlaced):
            require(now[0] is None or fact.amount_minor > now[0], "I-02", "a bid that does not improve")
            require(fact.bidder_code != now[1], "I-02", "somebody raised himself")
            now = (fact.amount_minor, fact.bidder_code)


def _raised(before: Snapshot, bid: BidPlaced) -> None:
    start = before.terms.start_price_minor
    base = start if before.current_minor is None else before.current_minor
    increments = [s.increment_minor for s in before.terms.ladder.steps if s.from_minor <= base]
    raised = bid.amount_minor - base
    least = 0 if before.current_minor is None else increments[-1]
    require(
        raised >= least and raised % increments[-1] == 0,
        "I-02",
        f"bid {bid.bid_no} raises {base} by {raised}, the increment is {increments[-1]}",
    )


async def of_database(_: AsyncSession, sale: Stored) -> None:
    """The table of bids is the record's bids, and the row counts them."""
    told = [(bid.bid_no, bid.seq, bid.bidder_code, bid.amount_minor) for bid in sale.record.bids]
    kept = [(bid.bid_no, bid.seq, bid.bidder_code, bid.amount_minor) for bid in sale.bids]
    require(told == kept, "I-02", "the table of bids is not the record's")
    row = (sale.row.seq, sale.row.bid_no)
    require(row == (len(sale.record.facts), len(told)), "I-02", f"the row counts {row}")
