"""I-11. Maxima give the price of the written rule: never above what they allow, and never short of what they owe."""

from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts import BidPlaced
from app.auctions.states import BIDDING
from tests.invariants.record import Step, require


def of_step(step: Step) -> None:
    """No automatic bid is above its maximum, and afterwards nobody but who leads could still answer."""
    limits = {proxy.code: proxy.max_minor for proxy in step.given.proxies}
    for fact in step.facts:
        if isinstance(fact, BidPlaced) and fact.via is BidVia.PROXY:
            limit = limits.get(fact.bidder_code)
            require(limit is not None, "I-11", f"bid {fact.bid_no} is automatic, and there is no maximum")
            require(fact.amount_minor <= (limit or 0), "I-11", f"bid {fact.bid_no} is above its maximum")
    if step.facts and step.after.status in BIDDING and step.after.terms.proxy_allowed:
        owing = [
            code
            for code, limit in limits.items()
            if limit >= step.after.next_minor and code != step.after.leader_code
        ]
        require(not owing, "I-11", f"the maximum of {owing} allows the next amount and does not bid it")
