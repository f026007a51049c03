"""Decisions of a negotiation on plain values. An instant `at` is market time, read under the offering's lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.identity.states import ReviewStatus
from app.kit.dates import wire
from app.markets.errors import BuyerIsSeller, OfferingNotOpen
from app.markets.negotiated.errors import (
    BuyerConfirmedBefore,
    BuyerNotConfirmed,
    BuyerUnnamed,
    ContestNeedsReason,
    ContractDiffersFromNotice,
    DayAhead,
    NegotiationExists,
    NegotiationOver,
    NegotiationStage,
    NothingToDecide,
    OfferIsOwn,
    OfferNotLive,
    PriceReportMissing,
    RelatedUndescribed,
    SigningOverdue,
    ValidityOutOfBounds,
)
from app.markets.negotiated.states import AGREED_ON, NegotiationStatus, Side
from app.markets.negotiated.termsheet import TermField, differs
from app.markets.profiles import Profile
from app.markets.registrations.errors import BuyerNotReviewed
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


def check_offering(talk: Talk, at: datetime) -> None:
    """Refuse an offer in what is over. Agreed terms on which the unit has not decided may still be talked about anew."""
    if talk.status is not NegotiationStatus.TERMS_AGREED:
        check_talking(talk, at)


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


def ending(status: NegotiationStatus, side: Side) -> NegotiationStatus:
    """How a negotiation ends that one side leaves: once terms are agreed, it is terminated by whoever goes back on them."""
    if status in AGREED_ON:
        return NegotiationStatus.TERMINATED
    return NegotiationStatus.DECLINED if side is Side.SELLER else NegotiationStatus.WITHDRAWN


def due(status: NegotiationStatus, quiet: datetime, sign_due_at: datetime | None = None) -> datetime | None:
    """When a negotiation next needs attention by itself."""
    if status is NegotiationStatus.OPEN:
        return quiet
    return sign_due_at if status is NegotiationStatus.NOTICE_PASSED else None


def overdue(status: NegotiationStatus) -> NegotiationStatus:
    """What a negotiation becomes that is due: it lapses where the notice passed, else it expires."""
    passed = status is NegotiationStatus.NOTICE_PASSED
    return NegotiationStatus.LAPSED if passed else NegotiationStatus.EXPIRED


def needs_steps(profile: Profile) -> bool:
    """Whether agreed terms go through the unit's decision and a public notice before anything is sold.

    Source: the profile's own (for Zhejiang's public units 浙江省促进科技成果转化条例 art. 17).
    """
    return profile.notice_days.value > 0


def check_agreed(*, agreed_on: date, today: date, buyer_party_id: UUID | None, names_buyer: bool) -> None:
    """Refuse terms agreed elsewhere: a day ahead, and a buyer who is named twice or not at all."""
    check_day(agreed_on, today, field="agreed_on")
    if (buyer_party_id is not None) == names_buyer:
        raise BuyerUnnamed(field="/body/buyer_party_id")


def check_confirming(
    status: NegotiationStatus, *, confirmed: bool, confirms: bool, reason: str | None, on_both_sides: bool
) -> None:
    """Refuse a buyer's answer to terms that were entered for it: in order stage, answered before, both sides, reason.

    on_both_sides: the person belongs to the seller as well: nobody concludes a contract with himself.
    """
    if status not in AGREED_ON:
        raise NegotiationStage(status_now=str(status))
    if confirmed:
        raise BuyerConfirmedBefore()
    if on_both_sides:
        raise OfferIsOwn()
    if not confirms and reason is None:
        raise ContestNeedsReason(field="/body/reason")


def check_day(on: date, today: date, *, field: str) -> None:
    """Refuse to put on record what has not happened yet: `DayAhead`. today: the legal day of market time."""
    if on > today:
        raise DayAhead(field=f"/body/{field}")


def check_buyer(status: ReviewStatus) -> None:
    """Refuse to sell to an organisation that waits for its review. House rule (R14)."""
    if status is not ReviewStatus.APPROVED:
        raise BuyerNotReviewed(status_now=str(status))


def check_decision(
    profile: Profile,
    status: NegotiationStatus,
    *,
    price_report_no: str | None,
    is_related: bool,
    description: str | None,
) -> None:
    """Refuse to record the unit's decision: in order stage, a seller who needs none, price report, an undescribed relation.

    A related buyer must be marked in the notice: 浙江省促进科技成果转化条例 art. 17 where it binds, else a house rule.
    """
    if status is not NegotiationStatus.TERMS_AGREED:
        raise NegotiationStage(status_now=str(status))
    if not needs_steps(profile):
        raise NothingToDecide()
    if price_report_no is None:
        raise PriceReportMissing(field="/body/price_report_no")
    if is_related and description is None:
        raise RelatedUndescribed(field="/body/related/description")


def check_noticing(status: NegotiationStatus, *, confirmed: bool) -> None:
    """Refuse a price notice: before the decision, or of a buyer who has not confirmed the terms."""
    if status is not NegotiationStatus.DECIDED:
        raise NegotiationStage(status_now=str(status))
    if not confirmed:
        raise BuyerNotConfirmed()


def check_signing(
    status: NegotiationStatus,
    *,
    at: datetime,
    sign_due_at: datetime | None,
    noticed: Mapping[TermField, Any],
    signed: Mapping[TermField, Any],
) -> None:
    """Refuse a contract: before the notice has passed, too late (`at >= sign_due_at`), on other than the noticed terms.

    Source: house rule (R4): a price can be noticed and another one signed nowhere.
    """
    if status is not NegotiationStatus.NOTICE_PASSED:
        raise NegotiationStage(status_now=str(status))
    if sign_due_at is not None and at >= sign_due_at:
        raise SigningOverdue(sign_due_at=wire(sign_due_at))
    fields = differs(noticed, signed)
    if fields:
        raise ContractDiffersFromNotice(fields=[str(one) for one in fields])


def sign_due(profile: Profile, passed_at: datetime) -> datetime:
    """Until when noticed terms may be signed: calendar days of 24 hours after the notice passed. House rule."""
    return passed_at + timedelta(days=profile.notice_sign_days.value)
