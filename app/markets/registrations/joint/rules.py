"""Who may buy together, and with which shares. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.markets.registrations.errors import BuyerBarred, SellerMayNotRegister
from app.markets.registrations.joint.errors import (
    JointConsentMissing,
    JointMemberTaken,
    JointNotAllowed,
    JointSharesUnfit,
)
from app.markets.registrations.rules import WHOLE_BP

MEMBERS_MAX: Final = 10


@dataclass(frozen=True)
class Share:
    """A member, and his share in basis points."""

    party_id: UUID
    share_bp: int


def check_joint(
    shares: Sequence[Share],
    *,
    lead_party_id: UUID,
    allowed: bool,
    concerned: Collection[UUID | None],
    taken: Collection[UUID],
    barred: Collection[UUID],
) -> None:
    """Refuse joint buyers: not allowed by the notice; members and shares; the seller or the holder among them; who
    defaulted on the lot; who has registered otherwise. House rule.
    """
    if not allowed:
        raise JointNotAllowed(field="/body/joint")
    parties = [share.party_id for share in shares]
    whole = sum(share.share_bp for share in shares) == WHOLE_BP
    if len(parties) < 2 or len(set(parties)) < len(parties) or lead_party_id not in parties or not whole:
        raise JointSharesUnfit(field="/body/joint")
    if set(parties) & set(concerned):
        raise SellerMayNotRegister()
    if set(parties) & set(barred):
        raise BuyerBarred()
    for party_id in parties:
        if party_id in taken and party_id != lead_party_id:
            raise JointMemberTaken(field="/body/joint", party_id=str(party_id))


def check_consents(missing: Collection[UUID]) -> None:
    """Refuse to qualify while a member has not consented."""
    if missing:
        raise JointConsentMissing(missing=[str(party_id) for party_id in missing])
