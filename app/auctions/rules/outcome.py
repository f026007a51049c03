"""How a sale ends once its price is found: the reserve, the right of first refusal, the fall of the hammer.

Source: house rule; a bid below the reserve has no effect (拍卖法 art. 50 where a licensed auction house runs the sale).
"""

from datetime import timedelta

from app.auctions.rules.facts import KnockedDown, PassedIn, PassReason, PriorityOffered
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Holder
from app.auctions.rules.terms import PriorityStyle


def write_outcome(minutes: Minutes) -> None:
    """The best bid wins; without one, or below the reserve, the lot passes in; a holder may be asked first."""
    now = minutes.now
    if now.lead is None:
        minutes.enter(PassedIn(seq=minutes.seq, at=minutes.at, reason=PassReason.NO_BID))
        return
    if not reserve_met(minutes):
        minutes.enter(PassedIn(seq=minutes.seq, at=minutes.at, reason=PassReason.RESERVE_NOT_MET))
        return
    others = [holder for holder in now.priority.holders if holder.code != now.lead.code]
    leads = len(others) < len(now.priority.holders)
    if now.terms.priority is PriorityStyle.AFTER_CLOSE and others and not leads:
        until = minutes.at + timedelta(seconds=now.terms.priority_seconds)
        minutes.enter(PriorityOffered(seq=minutes.seq, at=minutes.at, until=until))
        return
    knock_down(minutes)


def reserve_met(minutes: Minutes) -> bool:
    """Whether the best bid reaches the reserve, announced or secret; true where there is none."""
    lead, announced, secret = minutes.now.lead, minutes.now.terms.reserve_minor, minutes.given.reserve_minor
    return lead is not None and lead.amount_minor >= max(announced or 0, secret or 0)


def knock_down(minutes: Minutes, holder: Holder | None = None) -> None:
    """Enter the award: to the leader, or to the holder of first refusal who takes the lot at the leader's price."""
    lead = minutes.now.lead
    assert lead is not None
    minutes.enter(
        KnockedDown(
            seq=minutes.seq,
            at=minutes.at,
            bidder_code=holder.code if holder else lead.code,
            amount_minor=lead.amount_minor,
            bid_no=lead.bid_no,
            bid_seq=lead.seq,
            by_priority=holder is not None or lead.rank is not None,
        )
    )
