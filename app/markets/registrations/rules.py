"""Decisions about registrations on plain values: who may register, who is qualified, how each ends, which code."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.identity.states import ReviewStatus
from app.kit.dates import wire
from app.kit.money import yuan
from app.markets.registrations.errors import (
    AlreadyDecided,
    AlreadyRegistered,
    BuyerBarred,
    BuyerNotReviewed,
    ClerkIsParty,
    QuoteBelowAsk,
    QuoteNotForThis,
    RegistrationNotOpen,
    RegistrationOver,
    RegistrationPaused,
    SellerMayNotRegister,
)
from app.markets.registrations.states import UNDECIDED, RegistrationStatus
from app.markets.states import OfferingStatus, Path

_S = RegistrationStatus

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, 1, I or O: codes are read out over the telephone."""
WHOLE_BP: Final = 10_000
CODES: Final = len(ALPHABET) ** 3


@dataclass(frozen=True, kw_only=True)
class Window:
    """What a registration needs to know of the offering, read under its lock. Amounts in fen."""

    status: OfferingStatus
    path: Path
    capacity: int | None
    seller_party_id: UUID
    ask_minor: int | None
    opens_at: datetime | None
    ends_at: datetime | None
    is_paused: bool = False


def check_registration(
    window: Window,
    *,
    buyer_party_id: UUID,
    existing_id: UUID | None,
    quote_minor: int | None,
    at: datetime,
    related: bool = False,
    barred: bool = False,
    joined: bool = False,
) -> None:
    """Refuse a registration: the seller and whoever is related to him, then who defaulted on the lot, then the window (`opens_at <= at < ends_at`), then a second one, then the quote.

    related: the person belongs to the seller, the holder or the exchange, or the buyer is the holder. barred: an award of
    the lot to this party was rescinded for its default. joined: the party has registered together with others.
    An organisation that waits for its review may register and pay (house rule); only taking part waits.
    """
    if related or buyer_party_id == window.seller_party_id:
        raise SellerMayNotRegister()
    if barred:
        raise BuyerBarred()
    check_open(window, at)
    if existing_id is not None:
        raise AlreadyRegistered(registration_id=str(existing_id))
    if joined:
        raise AlreadyRegistered(registration_id=None)
    if quote_minor is None:
        return
    if window.path is not Path.LISTED or window.capacity != 1 or window.ask_minor is None:
        raise QuoteNotForThis(field="/body/quote_amount")
    if quote_minor < window.ask_minor:
        raise QuoteBelowAsk(field="/body/quote_amount", ask=yuan(window.ask_minor))


def check_open(window: Window, at: datetime) -> None:
    """Refuse outside the window."""
    inside = (
        window.status is OfferingStatus.OPEN
        and window.opens_at is not None
        and window.ends_at is not None
        and window.opens_at <= at < window.ends_at
    )
    if not inside:
        raise RegistrationNotOpen(
            registration_opens_at=wire(window.opens_at) if window.opens_at else None,
            registration_ends_at=wire(window.ends_at) if window.ends_at else None,
        )
    if window.is_paused:
        raise RegistrationPaused()


def is_over(window: Window, at: datetime) -> bool:
    """Whether the window of a sale on the market has ended: then an outage that is not judged yet may reopen it."""
    return window.status is OfferingStatus.OPEN and window.ends_at is not None and at >= window.ends_at


def check_leave(window: Window, at: datetime) -> None:
    """Refuse to take a registration back once the window has ended."""
    if window.ends_at is None or at >= window.ends_at:
        raise RegistrationOver()


def first_status(deposit_minor: int) -> RegistrationStatus:
    """Where a new registration stands: it waits for its deposit, or for the decision where none is asked."""
    return _S.REGISTERED if deposit_minor else _S.QUALIFYING


def check_decision(
    status: RegistrationStatus,
    *,
    passed: bool,
    buyer_status: ReviewStatus,
    clerk_parties: Collection[UUID],
    concerned: Sequence[UUID],
) -> None:
    """Refuse a decision: by somebody concerned, then a second one, then to let in who has not been reviewed."""
    if set(clerk_parties) & set(concerned):
        raise ClerkIsParty()
    if status not in UNDECIDED:
        raise AlreadyDecided(status_now=str(status))
    if passed and buyer_status is not ReviewStatus.APPROVED:
        raise BuyerNotReviewed()


def decided_steps(status: RegistrationStatus, *, passed: bool, paid: bool) -> tuple[RegistrationStatus, ...]:
    """The states that a decision passes through."""
    taken_up = (_S.QUALIFYING,) if status is _S.REGISTERED else ()
    if not passed:
        return (*taken_up, _S.DISQUALIFIED)
    return (*taken_up, _S.QUALIFIED if paid else _S.QUALIFIED_PENDING_DEPOSIT)


def paid_steps(status: RegistrationStatus) -> tuple[RegistrationStatus, ...]:
    """The states that the deposit's arrival passes through. One that has ended stays as it is."""
    if status is _S.REGISTERED:
        return (_S.QUALIFYING,)
    return (_S.QUALIFIED,) if status is _S.QUALIFIED_PENDING_DEPOSIT else ()


def conclusion(status: RegistrationStatus, *, won: bool) -> RegistrationStatus | None:
    """How a registration ends with its sale. Who did not pay, or was not decided on, has waived. None: it had ended."""
    if status is _S.QUALIFIED:
        return _S.WINNER if won else _S.NOT_WINNER
    if status in (*UNDECIDED, _S.QUALIFIED_PENDING_DEPOSIT):
        return _S.WAIVED
    return None


def code(number: int) -> str:
    """The bidder code 竞买代码 of a number below `CODES`."""
    high, low = divmod(number, len(ALPHABET))
    return ALPHABET[high // len(ALPHABET)] + ALPHABET[high % len(ALPHABET)] + ALPHABET[low]


def assign_codes(registration_ids: Sequence[UUID], drawn: Sequence[int]) -> dict[UUID, str]:
    """A code for each registration, from numbers drawn at random: neither the order nor the count shows in them.

    Raises ValueError where the numbers are not a draw: too few, twice the same, or out of range.
    """
    taken = list(drawn[: len(registration_ids)])
    if len(taken) < len(registration_ids) or len(set(taken)) < len(taken):
        raise ValueError("fewer numbers than registrations, or a number twice")
    if any(not 0 <= number < CODES for number in taken):
        raise ValueError("a number out of range")
    return {one: code(number) for one, number in zip(registration_ids, taken, strict=True)}
