"""A sealed sale as everybody may see it."""

from app.auctions.rules.snapshot import Snapshot
from app.auctions.sealed.schemas import SealedOut, SeatOut
from app.auctions.shapes import money, unit_of
from app.sealing.custody import fingerprint


def sealed_out(now: Snapshot) -> SealedOut | None:
    """Who opens, and where the rounds stand; None for a sale with open bids."""
    sealed, state = now.terms.sealed, now.sealing
    if sealed is None:
        return None
    return SealedOut(
        method=sealed.method,
        threshold=sealed.threshold,
        seats=[
            SeatOut(
                no=seat.no,
                office=seat.office,
                holder=seat.holder,
                keys=[fingerprint(bytes.fromhex(key)) for key in seat.keys],
            )
            for seat in sealed.seats
        ],
        round_seconds=sealed.round_seconds,
        drop=sealed.drop,
        round_no=state.round_no,
        among=list(state.among) if state.among is not None else None,
        floor=money(state.floor_minor, unit_of(now.terms)),
        is_tie=state.is_tie,
        root=state.root,
        size=state.size,
        rehearsed_at=state.rehearsed_at,
        halted=list(state.halted),
    )
