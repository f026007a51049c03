"""Decisions of a negotiation on plain values. An instant `at` is market time, read under the offering's lock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.kit.dates import wire
from app.markets.errors import BuyerIsSeller, OfferingNotOpen
from app.markets.negotiated.errors import (
    NegotiationExists,
    NegotiationOver,
    OfferIsOwn,
    OfferNotLive,
    ValidityOutOfBounds,
)
from app.markets.negotiated.states import NegotiationStatus, Side
from app.markets.profiles import Profile
from app.markets.states import OfferingStatus


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One offer as it stands."""

    offer_id: UUID
    side: Side
    valid_until: datetime


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A negotiation at this moment. `latest` is the last offer made, whoever made it."""

    status: NegotiationStatus
    quiet_until: datetime
    latest: Offer | None


def check_opening(
    *,
    status: OfferingStatus,
    buyer_party_id: UUID,
    seller_party_id: UUID,
    existing_id: UUID | None,
    related: bool = False,
) -> None:
    """Refuse a negotiation: with oneself (related: the person belongs to the seller or the holder, too), about what is not on the market, a second one."""
    if related or buyer_party_id == seller_party_id:
        raise BuyerIsSeller()
    check_on_market(status)
    if existing_id is not None:
        raise NegotiationExists(negotiation_id=str(existing_id))


def check_on_market(status: OfferingStatus) -> None:
    """Refuse what needs the offering to be on the market."""
    if status is not OfferingStatus.OPEN:
        raise OfferingNotOpen(status_now=str(status))


def check_talking(talk: Talk, at: datetime) -> None:
    """Refuse to go on with what has ended, or has been quiet for too long, whether the sweep has come by or not."""
    if talk.status is not NegotiationStatus.OPEN or at >= talk.quiet_until:
        raise NegotiationOver(status_now=str(talk.status))


def validity(profile: Profile, wanted: datetime | None, at: datetime) -> datetime:
    """Until when an offer holds: as wanted, after now and at most as the profile allows; else the usual days."""
    bounds = profile.offer_days
    if wanted is None:
        return at + timedelta(days=bounds.value)
    latest = at + timedelta(days=bounds.ceiling or bounds.value)
    if not at < wanted <= latest:
        raise ValidityOutOfBounds(field="/body/valid_until", latest=wire(latest), rule_source=bounds.source)
    return wanted


def quiet_until(profile: Profile, at: datetime, valid_until: datetime | None = None) -> datetime:
    """When the negotiation expires unless somebody speaks: never before an offer that still holds."""
    ends = at + timedelta(days=profile.negotiation_days.value)
    return max(ends, valid_until) if valid_until is not None else ends


def check_acceptance(
    talk: Talk, *, offer_id: UUID, side: Side, at: datetime, on_both_sides: bool = False
) -> None:
    """Refuse an acceptance: of what has ended, of any but the latest offer, of one's own, of one that no longer holds.

    on_both_sides: the person belongs to the other side as well: nobody concludes a contract with himself.

    A counter-offer is a new offer and ends the one before it (民法典 art. 478, 488), so only the latest one lives. It
    holds while `at < valid_until`.
    """
    check_talking(talk, at)
    if talk.latest is None or talk.latest.offer_id != offer_id:
        raise OfferNotLive(field="/body/offer_id")
    if talk.latest.side is side or on_both_sides:
        raise OfferIsOwn(field="/body/offer_id")
    if at >= talk.latest.valid_until:
        raise OfferNotLive(field="/body/offer_id", valid_until=wire(talk.latest.valid_until))


def ending(side: Side) -> NegotiationStatus:
    """How a negotiation ends that one side leaves."""
    return NegotiationStatus.DECLINED if side is Side.SELLER else NegotiationStatus.WITHDRAWN


def due(status: NegotiationStatus, quiet: datetime) -> datetime | None:
    """When a negotiation next needs attention by itself."""
    return quiet if status is NegotiationStatus.OPEN else None
