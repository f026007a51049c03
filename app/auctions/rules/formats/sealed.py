"""Sealed offers 密封报价: once 一次报价, or in rounds 多轮报价. What is compared are opened envelopes, never plain bids."""

from app.auctions.errors.sealed import EnvelopesOnly
from app.auctions.rules.record import Minutes
from app.auctions.rules.sealed.publishing import close_sealing
from app.auctions.rules.snapshot import Snapshot


class Sealed:
    """Envelopes until the deadline."""

    def judge_amount(self, snapshot: Snapshot, amount_minor: int) -> None:
        """No plain bid counts: an amount that anybody could read is refused."""
        raise EnvelopesOnly()

    def end(self, minutes: Minutes) -> None:
        """The deadline: the root over the envelopes is published, the opening begins."""
        close_sealing(minutes)
