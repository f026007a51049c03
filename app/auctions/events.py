"""What auctions tell the other rooms and the organisations' streams: one event for each public fact, self-contained.

All are public and carry codes only. `parties` (who finds the event in its own stream) is never part of what is told.
"""

from typing import Final
from uuid import UUID

from app.auctions.rules import facts
from app.auctions.rules.commands import CancelReason, SuspendReason
from app.auctions.states import AuctionStatus
from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money, yuan


class AuctionEvent(Event):
    """What all events of an auction carry. `subject_id` is the auction, `seq` its public number."""

    subject = "auction"
    public = True

    number: str
    offering_id: UUID
    seq: int


class AuctionNoticed(AuctionEvent):
    """The notice is out."""

    kind = "auctions.noticed"
    title: str
    start_price: Money
    registration_opens_at: Instant
    registration_closes_at: Instant
    deposit_due_at: Instant
    starts_at: Instant


class CompetitionCalled(AuctionEvent):
    """A listed sale with rivals goes to competition."""

    kind = "auctions.competition_called"
    title: str
    start_price: Money
    starts_at: Instant


class RegistrationOpened(AuctionEvent):
    """Enterprises may register."""

    kind = "auctions.registration_opened"


class RegistrationClosed(AuctionEvent):
    """No further registration is taken."""

    kind = "auctions.registration_closed"


class AuctionReadied(AuctionEvent):
    """Deposits are reconciled."""

    kind = "auctions.readied"
    starts_at: Instant


class BiddingStarted(AuctionEvent):
    """The free phase began."""

    kind = "auctions.bidding_started"
    free_ends_at: Instant
    ends_at: Instant | None


class TimedBiddingStarted(AuctionEvent):
    """The timed phase began."""

    kind = "auctions.timed_bidding_started"
    ends_at: Instant | None


class BidPlaced(AuctionEvent):
    """A bid was accepted."""

    kind = "auctions.bid_placed"
    bid_no: int
    bidder_code: str
    amount: Money


class AuctionExtended(AuctionEvent):
    """A late bid moved the end."""

    kind = "auctions.extended"
    ends_at: Instant
    extension_count: int


class AuctionKnockedDown(AuctionEvent):
    """The best earliest bid won."""

    kind = "auctions.knocked_down"
    bidder_code: str
    amount: Money


class AuctionPassedIn(AuctionEvent):
    """Nobody bid."""

    kind = "auctions.passed_in"


class AuctionSuspended(AuctionEvent):
    """The sale is interrupted."""

    kind = "auctions.suspended"
    reason: SuspendReason
    note: str


class AuctionResumed(AuctionEvent):
    """The sale continues."""

    kind = "auctions.resumed"
    status: AuctionStatus
    note: str
    ends_at: Instant | None


class AuctionCancelled(AuctionEvent):
    """The sale ended without a winner."""

    kind = "auctions.cancelled"
    reason: CancelReason
    note: str


EVENTS: Final[tuple[type[Event], ...]] = (
    AuctionNoticed,
    CompetitionCalled,
    RegistrationOpened,
    RegistrationClosed,
    AuctionReadied,
    BiddingStarted,
    TimedBiddingStarted,
    BidPlaced,
    AuctionExtended,
    AuctionKnockedDown,
    AuctionPassedIn,
    AuctionSuspended,
    AuctionResumed,
    AuctionCancelled,
)

_OF: Final[dict[type, type[AuctionEvent]]] = {
    facts.Noticed: AuctionNoticed,
    facts.CompetitionCalled: CompetitionCalled,
    facts.RegistrationOpened: RegistrationOpened,
    facts.RegistrationClosed: RegistrationClosed,
    facts.Readied: AuctionReadied,
    facts.BiddingStarted: BiddingStarted,
    facts.TimedBiddingStarted: TimedBiddingStarted,
    facts.BidPlaced: BidPlaced,
    facts.Extended: AuctionExtended,
    facts.KnockedDown: AuctionKnockedDown,
    facts.PassedIn: AuctionPassedIn,
    facts.Suspended: AuctionSuspended,
    facts.Resumed: AuctionResumed,
    facts.Cancelled: AuctionCancelled,
}


def event_of(
    fact: facts.Fact,
    *,
    auction_id: UUID,
    number: str,
    offering_id: UUID,
    title: str,
    parties: tuple[UUID, ...],
) -> AuctionEvent:
    """The event that tells of a fact. Fields of the same name are taken over; amounts become yuan."""
    kind = _OF[type(fact)]
    known = dict(vars(fact)) | {"title": title}
    if isinstance(fact, facts.Noticed | facts.CompetitionCalled):
        known |= vars(fact.timetable) | {"start_price": yuan(fact.terms.start_price_minor)}
    if isinstance(fact, facts.BidPlaced | facts.KnockedDown):
        known["amount"] = yuan(fact.amount_minor)
    named = {
        name: known[name]
        for name in kind.model_fields
        if name in known and name not in {"subject_id", "number", "offering_id", "parties"}
    }
    return kind(subject_id=auction_id, number=number, offering_id=offering_id, parties=parties, **named)
