"""I-02. Accepted amounts improve by whole increments in force; `seq` and `bid_no` are 1..n without a gap."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts import BidPlaced
from app.auctions.rules.ladder import Step as Rung
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
    for before, fact in zip(step.states, step.facts, strict=False):
        require(fact.seq == before.seq + 1, "I-02", f"seq {fact.seq} where {before.seq + 1} was due")
        if isinstance(fact, BidPlaced):
            _raised(before, fact)
            own = fact.bidder_code == before.leader_code and fact.via is not BidVia.PROXY
            require(not own, "I-02", "somebody raised himself")


def _raised(before: Snapshot, bid: BidPlaced) -> None:
    lead, ladder = before.lead, before.terms.ladder.steps
    if bid.via is BidVia.PRIORITY:
        matches = lead is not None and bid.amount_minor == lead.amount_minor and bid.rank is not None
        better = lead is not None and (lead.rank is None or (bid.rank or 0) < lead.rank)
        require(matches and better, "I-02", f"bid {bid.bid_no} matches what it may not match")
        return
    base = before.terms.start_price_minor if lead is None else lead.amount_minor
    least = base if lead is None else base + _increment(ladder, base)
    if bid.via is BidVia.PROXY:
        right = bid.amount_minor >= least and _on_steps(ladder, least, bid.amount_minor)
    else:
        right = bid.amount_minor >= least and (bid.amount_minor - base) % _increment(ladder, base) == 0
    require(right, "I-02", f"bid {bid.bid_no} of {bid.amount_minor} over {base}, the next amount was {least}")


def _increment(ladder: Sequence[Rung], price: int) -> int:
    return [step.increment_minor for step in ladder if step.from_minor <= price][-1]


def _on_steps(ladder: Sequence[Rung], first: int, last: int) -> bool:
    """Whether single steps lead from one amount to the other."""
    at = first
    while at < last:
        increment = _increment(ladder, at)
        bands = [step.from_minor for step in ladder if at < step.from_minor < last]
        if not bands:
            return (last - at) % increment == 0
        at += -(-(bands[0] - at) // increment) * increment
    return at == last


async def of_database(_: AsyncSession, sale: Stored) -> None:
    """The table of bids is the record's bids, and the row counts them."""
    told = [(bid.bid_no, bid.seq, bid.bidder_code, bid.amount_minor) for bid in sale.record.bids]
    kept = [(bid.bid_no, bid.seq, bid.bidder_code, bid.amount_minor) for bid in sale.bids]
    require(told == kept, "I-02", "the table of bids is not the record's")
    row = (sale.row.seq, sale.row.bid_no)
    require(row == (len(sale.record.facts), len(told)), "I-02", f"the row counts {row}")
