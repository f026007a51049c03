"""I-07. A bid in the last window moves the end to its own time plus the window; never earlier; as often as the cap."""

from datetime import timedelta

from app.auctions.rules.facts import BidPlaced, Extended, Resumed
from app.auctions.rules.terms import CloseKind
from tests.invariants.record import Record, Step, require


def of_record(record: Record) -> None:
    """Every extension is a late bid's, and every late bid has its extension while the cap allows."""
    extensions = [fact for fact in record.facts if isinstance(fact, Extended)]
    counts = [fact.extension_count for fact in extensions]
    require(counts == list(range(1, len(counts) + 1)), "I-07", f"extensions are counted {counts}")
    cap = record.first.terms.extensions_max
    require(cap is None or len(counts) <= cap, "I-07", f"{len(counts)} extensions, the cap is {cap}")
    if record.now.terms.close is not CloseKind.SOFT_CLOSE:
        require(not extensions, "I-07", "an extension in a sale that no clock closes")
        return
    of_bid = {fact.bid_seq: fact for fact in extensions}
    require(len(of_bid) == len(extensions), "I-07", "two extensions for one bid")
    window = timedelta(seconds=record.first.terms.window_seconds)
    for before, fact in zip(record.states, record.facts, strict=False):
        if not isinstance(fact, BidPlaced):
            continue
        assert before.ends_at is not None
        late = fact.at + window > before.ends_at and (cap is None or before.extension_count < cap)
        moved = of_bid.get(fact.seq)
        require(late == (moved is not None), "I-07", f"bid {fact.bid_no}: late is {late}, moved is {moved}")
        if moved is not None:
            require(moved.ends_at == fact.at + window, "I-07", f"the end after bid {fact.bid_no} is wrong")


def of_step(step: Step) -> None:
    """The end never moves back, and nothing but a late bid or a resumption moves it."""
    old, new = step.before.ends_at, step.after.ends_at
    if old is None or new is None or old == new:
        return
    require(new > old, "I-07", f"the end moved back from {old} to {new}")
    moves = any(isinstance(fact, Extended | Resumed) for fact in step.facts)
    require(moves, "I-07", f"nothing moved the end from {old} to {new}")
