"""Decisions about offerings on plain values: their terms, who may decide, who may have an award, who may take back."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.markets.award import AwardEnding
from app.markets.errors import (
    AlreadyAwarded,
    AskUnfit,
    AwardWasConcluded,
    AwardWasRescinded,
    BuyerIsSeller,
    CapacityUnfit,
    CapacityUsedUp,
    ModeNeedsDemand,
    ModeNotOnPath,
    OfferingNotOpen,
    OfferingStage,
    ReviewerIsParty,
    WithdrawalNeedsDocument,
    WithdrawalThroughAuction,
)
from app.markets.profiles import ProfileCode
from app.markets.states import DEMAND_MODES, EDITABLE, LICENCE_FOR_ONE, Mode, OfferingStatus, Path

PRICE_IS_PUBLIC: Final = (Path.LISTED, Path.AUCTION)
"""Paths whose price everybody may know once the sale is closed."""


class WithdrawalReason(StrEnum):
    """Why a seller takes an offering back; public where the offering was."""

    RIGHT_LAPSED = "right_lapsed"
    RIGHT_DISPUTED = "right_disputed"
    DECISION_REVOKED = "decision_revoked"
    SOLD_ELSEWHERE = "sold_elsewhere"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Sale:
    """An offering at the moment of an award, read under its lock. `capacity` None: as many as come."""

    status: OfferingStatus
    capacity: int | None
    awards: int
    seller_party_id: UUID
    buyers: Collection[UUID]
    """Who already has an award."""


def check_terms(
    *, mode: Mode, path: Path, capacity: int | None, ask_minor: int | None, period_days: int | None
) -> None:
    """Refuse terms that contradict each other: mode, then capacity, then the ask."""
    if mode in DEMAND_MODES:
        raise ModeNeedsDemand(field="/body/mode")
    if mode is Mode.EQUITY and path is not Path.NEGOTIATED:
        raise ModeNotOnPath(field="/body/mode")
    if capacity != 1 and (mode in LICENCE_FOR_ONE or path is Path.AUCTION):
        raise CapacityUnfit(field="/body/capacity")
    if path is not Path.LISTED and (ask_minor is not None or period_days is not None):
        raise AskUnfit(field="/body/ask_amount" if ask_minor is not None else "/body/period_days")


def require_status(status: OfferingStatus, *allowed: OfferingStatus) -> None:
    """Refuse unless the offering is in one of these states."""
    if status not in allowed:
        raise OfferingStage(
            f"当前状态为“{status}”，此操作只适用于“{'、'.join(allowed)}”。",
            f"The offering is {status}; this needs {' or '.join(allowed)}.",
            status_now=str(status),
        )


def require_path(path: Path, wanted: Path) -> None:
    """Refuse unless the offering takes this path."""
    if path is not wanted:
        raise OfferingStage(
            f"该项目的交易方式为“{path}”，此操作只适用于“{wanted}”。",
            f"The offering's path is {path}; this needs {wanted}.",
            path=str(path),
        )


def check_reviewer(*, concerned: bool) -> None:
    """Nobody decides on an offering of a party to which he belongs, whichever he acts for."""
    if concerned:
        raise ReviewerIsParty()


def check_award(sale: Sale, buyer_party_id: UUID) -> None:
    """Refuse an award: capacity, then state, then a buyer who has one, then the seller himself."""
    if sale.capacity is not None and sale.awards >= sale.capacity:
        raise CapacityUsedUp(capacity=sale.capacity)
    if sale.status is not OfferingStatus.OPEN:
        raise OfferingNotOpen(status_now=str(sale.status))
    if buyer_party_id in sale.buyers:
        raise AlreadyAwarded()
    if buyer_party_id == sale.seller_party_id:
        raise BuyerIsSeller()


def check_standing(ending: AwardEnding | None) -> None:
    """Refuse to end an award that has ended: it is concluded or rescinded once."""
    if ending is AwardEnding.RESCINDED:
        raise AwardWasRescinded()
    if ending is AwardEnding.CONCLUDED:
        raise AwardWasConcluded()


def used_up(sale: Sale) -> bool:
    """Whether one more award leaves no room for another."""
    return sale.capacity is not None and sale.awards + 1 >= sale.capacity


def close_status(awards: int) -> OfferingStatus:
    """How an offering ends when its time is over: awarded if anybody has one, else failed."""
    return OfferingStatus.AWARDED if awards else OfferingStatus.FAILED


def public_amount(path: Path, profile: ProfileCode | None, amount_minor: int | None) -> int | None:
    """The price that the public learns at the close. A private seller's negotiated price is its own affair."""
    if path in PRICE_IS_PUBLIC:
        return amount_minor
    return amount_minor if profile in (ProfileCode.UNI_ZJ, ProfileCode.UNI_CN) else None


def check_withdrawal(
    *, status: OfferingStatus, with_auction: bool, reason: WithdrawalReason, document_no: str | None
) -> None:
    """Refuse a withdrawal.

    Before it is reviewed an offering is taken back freely. Once on the market it takes the approver's paper, and a
    reason that is published; once the auction room has it, it is cancelled there. House rule.
    """
    withdrawable = (*EDITABLE, OfferingStatus.SUBMITTED, OfferingStatus.APPROVED, OfferingStatus.OPEN)
    require_status(status, *withdrawable)
    if status is OfferingStatus.OPEN and with_auction:
        raise WithdrawalThroughAuction()
    if status is OfferingStatus.OPEN and not document_no:
        raise WithdrawalNeedsDocument(field="/body/document_no", reason=str(reason))
