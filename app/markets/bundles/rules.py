"""Dividing a bundle's price over its rights. Pure; house rule (practice R19)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from app.markets.bundles.errors import (
    AllocationPinned,
    AllocationUnfit,
    BundleNotAgreed,
    BundleUnallocated,
)
from app.markets.states import OfferingStatus

WHOLE_BP: Final = 10_000
OPEN: Final = (
    OfferingStatus.DRAFT,
    OfferingStatus.RETURNED,
    OfferingStatus.SUBMITTED,
    OfferingStatus.APPROVED,
)


def check_status(status: OfferingStatus) -> None:
    """Refuse to divide, or to agree, once the offering has come to market."""
    if status not in OPEN:
        raise AllocationPinned(status_now=str(status))


def check_shares(given: Sequence[tuple[UUID, int]], subject_ids: Collection[UUID]) -> None:
    """Refuse shares (basis points, above zero) that do not name every subject once, or are not the whole."""
    named = [one for one, _ in given]
    if len(set(named)) < len(named) or set(named) != set(subject_ids):
        raise AllocationUnfit(field="/body/shares")
    if sum(share for _, share in given) != WHOLE_BP:
        raise AllocationUnfit(field="/body/shares", whole_bp=WHOLE_BP)


def check_notice(
    subject_ids: Collection[UUID],
    shares: Mapping[UUID, int],
    holders: Collection[UUID],
    agreed: Collection[UUID],
) -> None:
    """Refuse the notice of a bundle whose price is not divided, then of one to which a holder has not agreed."""
    if len(subject_ids) < 2:
        return
    if set(shares) != set(subject_ids):
        raise BundleUnallocated()
    missing = sorted(str(one) for one in set(holders) - set(agreed))
    if missing:
        raise BundleNotAgreed(parties=missing)


def split(amount_minor: int, shares: Sequence[tuple[UUID, int]]) -> dict[UUID, int]:
    """An amount divided to the fen: each its share rounded down, the fen left over by the largest remainder.

    amount_minor: fen. shares: basis points that sum to the whole, in brochure order, which settles equal remainders.
    """
    parts = {one: divmod(amount_minor * share, WHOLE_BP) for one, share in shares}
    left = amount_minor - sum(whole for whole, _ in parts.values())
    order = sorted(range(len(shares)), key=lambda place: (-parts[shares[place][0]][1], place))
    extra = {shares[place][0] for place in order[:left]}
    return {one: whole + (one in extra) for one, (whole, _) in parts.items()}
