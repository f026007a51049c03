"""The close of the sealing: the set of envelopes is fixed by its Merkle root, and nobody knows what is in them."""

from app.auctions.rules.facts import SealingClosed
from app.auctions.rules.record import BrokenRecordError, Minutes


def close_sealing(minutes: Minutes) -> None:
    """Fix the set of envelopes by its Merkle root. What is in them nobody knows."""
    published = minutes.given.sealed
    if published is None:
        raise BrokenRecordError("sealing cannot be closed without its envelopes")
    minutes.enter(
        SealingClosed(
            seq=minutes.seq,
            at=minutes.at,
            round_no=minutes.now.sealing.round_no,
            root=published.root,
            size=published.size,
        )
    )
