"""When identities and reserves may be read, and by whom. Before the close by nobody, whatever his office."""

from enum import StrEnum

from app.auctions.states import ENDED, AuctionStatus
from app.evidence.errors import IdentitiesSealed, NotForYou, ReserveAbsent, ReserveSealed
from app.kit.errors import Refusal


class Secret(StrEnum):
    """What is asked for."""

    IDENTITIES = "identities"
    RESERVE = "reserve"


def refusal_of(
    what: Secret,
    *,
    status: AuctionStatus,
    is_seller: bool,
    is_staff: bool,
    is_overseer: bool,
    has_reserve: bool = True,
) -> Refusal | None:
    """Why somebody may not read it now, or None.

    In this order: before the close nobody; then only for whom it is: identities for the seller, the market's staff of the
    region and its overseers, a reserve for the seller and the overseers. Source: house rule, after 法释〔2016〕18号 art. 8
    and 18.
    """
    if status not in ENDED:
        sealed = IdentitiesSealed if what is Secret.IDENTITIES else ReserveSealed
        return sealed(status_now=str(status))
    if not (is_seller or is_overseer or (is_staff and what is Secret.IDENTITIES)):
        return NotForYou()
    if what is Secret.RESERVE and not has_reserve:
        return ReserveAbsent()
    return None
