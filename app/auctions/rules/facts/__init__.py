"""What happened in an auction, in public: the pure form of its events, numbered by `seq` without a gap.

A fact is complete in itself: folding the facts from the first one gives the auction again (`record.replay`).
"""

from typing import Annotated

from pydantic import Discriminator, TypeAdapter

from app.auctions.rules.facts.bidding import (
    BidCorrected,
    BidPlaced,
    Called,
    Extended,
    ProxyCommitted,
    ProxyWithdrawn,
)
from app.auctions.rules.facts.periods import (
    Adjourned,
    Continued,
    Postponed,
    PriorityOffered,
    PriorityTaken,
    PriorityWaived,
)
from app.auctions.rules.facts.sealed import (
    EnvelopesOpened,
    OpeningDecided,
    OpeningHalted,
    OpeningRehearsed,
    RoundOpened,
    SealingClosed,
)
from app.auctions.rules.facts.stages import (
    BiddingStarted,
    Cancelled,
    CompetitionCalled,
    KnockedDown,
    Noticed,
    PassedIn,
    PassReason,
    Readied,
    RegistrationClosed,
    RegistrationOpened,
    Resumed,
    Suspended,
    TimedBiddingStarted,
)

Fact = (
    Noticed
    | CompetitionCalled
    | RegistrationOpened
    | RegistrationClosed
    | Readied
    | BiddingStarted
    | TimedBiddingStarted
    | BidPlaced
    | BidCorrected
    | Extended
    | Called
    | ProxyCommitted
    | ProxyWithdrawn
    | Adjourned
    | Continued
    | Postponed
    | PriorityOffered
    | PriorityTaken
    | PriorityWaived
    | OpeningRehearsed
    | SealingClosed
    | OpeningHalted
    | OpeningDecided
    | EnvelopesOpened
    | RoundOpened
    | KnockedDown
    | PassedIn
    | Suspended
    | Resumed
    | Cancelled
)

FACT: TypeAdapter[Fact] = TypeAdapter(Annotated[Fact, Discriminator("kind")])
"""Reads a fact back from JSON, by its kind."""

__all__ = [
    "FACT",
    "Adjourned",
    "BidCorrected",
    "BidPlaced",
    "BiddingStarted",
    "Called",
    "Cancelled",
    "CompetitionCalled",
    "Continued",
    "EnvelopesOpened",
    "Extended",
    "Fact",
    "KnockedDown",
    "Noticed",
    "OpeningDecided",
    "OpeningHalted",
    "OpeningRehearsed",
    "PassReason",
    "PassedIn",
    "Postponed",
    "PriorityOffered",
    "PriorityTaken",
    "PriorityWaived",
    "ProxyCommitted",
    "ProxyWithdrawn",
    "Readied",
    "RegistrationClosed",
    "RegistrationOpened",
    "Resumed",
    "RoundOpened",
    "SealingClosed",
    "Suspended",
    "TimedBiddingStarted",
]
