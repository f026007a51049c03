"""I-07. A bid in the last window moves the end to its own time plus the window; never earlier; as often as the cap."""

from datetime import timedelta

from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts import BiddingStarted, BidPlaced, Continued, Extended, Postponed, Resumed
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
    _follows_late_bids(record)


def _follows_late_bids(record: Record) -> None:
    """Bids of one decision (a person's and the automatic ones that answer it) bring one extension, the last one's."""
    window, cap = timedelta(seconds=record.first.terms.window_seconds), record.first.terms.extensions_max
    late, opening = False, False
    for before, fact in zip(record.states, [*record.facts, None], strict=True):
        if isinstance(fact, BidPlaced):
            assert before.ends_at is not None
            spent = cap is not None and before.extension_count >= cap
            # What maxima bid as a sale begins or goes on moves nothing; a person's bid that comes with it does.
            by_itself = opening and fact.via is BidVia.PROXY
            late |= fact.at + window > before.ends_at and not spent and not by_itself
            continue
        if isinstance(fact, Extended):
            require(late, "I-07", f"seq {fact.seq} extends, and no late bid came before it")
            require(
                fact.ends_at == fact.at + window,
                "I-07",
                f"the end at seq {fact.seq} is not the bid's plus a window",
            )
            require(before.lead is not None and fact.bid_seq == before.lead.seq, "I-07", "for another bid")
        else:
            require(not late, "I-07", f"a late bid before seq {before.seq + 1} did not extend")
        late, opening = False, isinstance(fact, BiddingStarted | Continued)


def of_step(step: Step) -> None:
    """The end never moves back, and nothing but a late bid, a new day, a resumption or an outage moves it."""
    for before, fact, after in zip(step.states, step.facts, step.states[1:], strict=False):
        old, new = before.ends_at, after.ends_at
        if old is None or new is None or old == new:
            continue
        require(new > old, "I-07", f"the end moved back from {old} to {new}")
        moves = isinstance(fact, Extended | Resumed | Continued | Postponed)
        require(moves, "I-07", f"{fact.kind} moved the end from {old} to {new}")
