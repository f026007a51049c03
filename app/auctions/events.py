"""What auctions tell the other rooms and the organisations' streams: one event for each public fact, self-contained.

All are public and carry codes only. `parties` (who finds the event in its own stream) is never part of what is told.
"""

from typing import Final
from uuid import UUID

import orjson

from app.auctions.rules import facts
from app.auctions.rules.commands import BidVia, CancelReason, SuspendReason
from app.auctions.rules.facts import PassReason
from app.auctions.states import AuctionStatus
from app.events.model import Event, Written
from app.kit.dates import Instant, wire
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
    status: AuctionStatus
    free_ends_at: Instant | None
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
    via: BidVia


class BidCorrected(AuctionEvent):
    """A floor bid was keyed in wrongly and is struck, with the automatic bids that answered it."""

    kind = "auctions.bid_corrected"
    bid_no: int
    last_bid_no: int


class LotCalled(AuctionEvent):
    """The auctioneer's first, second or third call."""

    kind = "auctions.called"
    call: int
    warns_until: Instant


class ProxyCommitted(AuctionEvent):
    """Somebody left a maximum; only its salted commitment is told."""

    kind = "auctions.proxy_committed"
    commitment: str


class ProxyWithdrawn(AuctionEvent):
    """A maximum was taken back."""

    kind = "auctions.proxy_withdrawn"
    commitment: str


class AuctionAdjourned(AuctionEvent):
    """The day's limit came before the close."""

    kind = "auctions.adjourned"
    continues_at: Instant


class AuctionContinued(AuctionEvent):
    """An adjourned sale goes on."""

    kind = "auctions.continued"
    status: AuctionStatus
    ends_at: Instant | None


class AuctionPostponed(AuctionEvent):
    """The market could not accept what bidders sent, so that periods end later."""

    kind = "auctions.postponed"
    outage_no: int
    began_at: Instant
    ended_at: Instant
    registration_closes_at: Instant
    deposit_due_at: Instant
    starts_at: Instant
    ends_at: Instant | None
    reason_zh: str
    reason_en: str


class PriorityOffered(AuctionEvent):
    """The price is found; holders of first refusal answer until then."""

    kind = "auctions.priority_offered"
    until: Instant


class PriorityTaken(AuctionEvent):
    """A holder of first refusal takes the lot at the price found."""

    kind = "auctions.priority_taken"


class PriorityWaived(AuctionEvent):
    """A holder of first refusal gives his right up."""

    kind = "auctions.priority_waived"


class AuctionExtended(AuctionEvent):
    """A late bid moved the end."""

    kind = "auctions.extended"
    ends_at: Instant
    extension_count: int


class OpeningRehearsed(AuctionEvent):
    """Custodians opened a dummy."""

    kind = "auctions.opening_rehearsed"
    seats: tuple[int, ...]


class SealingClosed(AuctionEvent):
    """No further envelope is taken; the Merkle root (hex) over all of them, dummies included."""

    kind = "auctions.sealing_closed"
    round_no: int
    root: str
    size: int


class OpeningHalted(AuctionEvent):
    """Envelopes that cannot be opened wait for the seller's decision."""

    kind = "auctions.opening_halted"
    round_no: int
    envelope_ids: tuple[str, ...]


class OpeningDecided(AuctionEvent):
    """The seller decided about envelopes that cannot be opened."""

    kind = "auctions.opening_decided"
    round_no: int
    proceed: bool
    envelope_ids: tuple[str, ...]
    document_no: str
    note: str


class EnvelopesOpened(AuctionEvent):
    """All envelopes of a round were opened. The bids among them follow; the record has every one."""

    kind = "auctions.envelopes_opened"
    round_no: int


class RoundOpened(AuctionEvent):
    """Another round of envelopes, above this amount."""

    kind = "auctions.round_opened"
    round_no: int
    among: tuple[str, ...]
    floor: Money
    is_tie: bool
    ends_at: Instant


class AuctionKnockedDown(AuctionEvent):
    """The best earliest bid won."""

    kind = "auctions.knocked_down"
    bidder_code: str
    amount: Money
    by_priority: bool


class AuctionPassedIn(AuctionEvent):
    """Nobody bid, or not up to the reserve."""

    kind = "auctions.passed_in"
    reason: PassReason


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
    BidCorrected,
    LotCalled,
    ProxyCommitted,
    ProxyWithdrawn,
    AuctionExtended,
    AuctionAdjourned,
    AuctionContinued,
    AuctionPostponed,
    PriorityOffered,
    PriorityTaken,
    PriorityWaived,
    OpeningRehearsed,
    SealingClosed,
    OpeningHalted,
    OpeningDecided,
    EnvelopesOpened,
    RoundOpened,
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
    facts.BidCorrected: BidCorrected,
    facts.Called: LotCalled,
    facts.ProxyCommitted: ProxyCommitted,
    facts.ProxyWithdrawn: ProxyWithdrawn,
    facts.Adjourned: AuctionAdjourned,
    facts.Continued: AuctionContinued,
    facts.Postponed: AuctionPostponed,
    facts.PriorityOffered: PriorityOffered,
    facts.PriorityTaken: PriorityTaken,
    facts.PriorityWaived: PriorityWaived,
    facts.Extended: AuctionExtended,
    facts.OpeningRehearsed: OpeningRehearsed,
    facts.SealingClosed: SealingClosed,
    facts.OpeningHalted: OpeningHalted,
    facts.OpeningDecided: OpeningDecided,
    facts.EnvelopesOpened: EnvelopesOpened,
    facts.RoundOpened: RoundOpened,
    facts.KnockedDown: AuctionKnockedDown,
    facts.PassedIn: AuctionPassedIn,
    facts.Suspended: AuctionSuspended,
    facts.Resumed: AuctionResumed,
    facts.Cancelled: AuctionCancelled,
}


def bid_placed(
    fact: facts.BidPlaced, *, auction_id: UUID, number: str, offering_id: UUID, parties: tuple[UUID, ...]
) -> Written:
    """`event_of` a bid, written at once: of these there are thousands a minute."""
    payload = {
        "subject_id": str(auction_id),
        "at": wire(fact.at),
        "number": number,
        "offering_id": str(offering_id),
        "seq": fact.seq,
        "bid_no": fact.bid_no,
        "bidder_code": fact.bidder_code,
        "amount": yuan(fact.amount_minor),
        "via": fact.via,
    }
    return Written(BidPlaced, auction_id, fact.at, parties, orjson.dumps(payload).decode())


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
    if isinstance(fact, facts.Postponed):
        known |= vars(fact.timetable)
    if isinstance(fact, facts.BidPlaced | facts.KnockedDown):
        known["amount"] = yuan(fact.amount_minor)
    if isinstance(fact, facts.RoundOpened):
        known["floor"] = yuan(fact.floor_minor)
    named = {
        name: known[name]
        for name in kind.model_fields
        if name in known and name not in {"subject_id", "number", "offering_id", "parties"}
    }
    return kind(subject_id=auction_id, number=number, offering_id=offering_id, parties=parties, **named)
