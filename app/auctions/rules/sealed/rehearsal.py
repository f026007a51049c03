"""Whether custodians have shown beforehand that they can open. A condition of READY."""

from app.auctions.errors.sealed import RehearsalMissing
from app.auctions.rules.sealed.terms import SealingMethod
from app.auctions.rules.snapshot import Snapshot


def needs_rehearsal(now: Snapshot) -> bool:
    """Whether custodians open this sale's envelopes."""
    return now.terms.sealed is not None and now.terms.sealed.method is SealingMethod.CUSTODIANS


def check_rehearsed(now: Snapshot) -> None:
    """A sale that custodians open is not ready before they have shown that they can."""
    if needs_rehearsal(now) and now.sealing.rehearsed_at is None:
        raise RehearsalMissing()
