"""What an auction refuses. The order in which these are checked is documented at `rules.engine.decide`.

BidRefused                        409   this bid does not count; nothing has changed
├── BiddingNotStarted                   too early
├── BiddingSuspended                    the sale is interrupted
├── AuctionCancelled                    there will be no sale
├── BiddingEnded                        the market's time, read under the lock, is not before the end
├── SellerMayNotBid                     the seller and whoever is related to it
├── BidderNotRegistered                 no registration for this sale
├── BidderNotQualified                  registered, not (or no longer) qualified
├── BidderDepositNotHeld                      qualified, the deposit is not held at this moment
├── AlreadyHighest                      nobody raises himself
├── RoyaltyAboveWhole                   a rate of more than 100 %, bid or left as a maximum
├── BidBelowStart                       the first bid is under the start price
├── BidNotAboveCurrent                  equal to or under the highest
├── BidOffLadder                        not a positive whole number of increments
├── BidAboveJumpCap                     only where the notice sets a hard cap
├── BidderBarred                        defaulted on this lot before
├── NotTheAgent                   403   the buyer has named somebody else
├── MandateExceeded               403   above what the agent may bid
├── NoUnitFree                          all deposit units of the session are in use
├── BidJumpUnconfirmed                  a large jump, not confirmed
└── ProxyRefused                        a maximum that cannot be left or taken back
    ├── ProxyNotAllowed
    ├── ProxyTooEarly
    ├── ProxyBelowNext
    └── ProxyAbsent
TermsOutOfBounds                  409   the seller's terms, with the field
└── FormatMismatch
NoticeRefused                     409   the timetable, with the field
├── TimetableTooFar
├── TimetableOutOfOrder
├── NoticeTooShort
│   └── StatutoryNoticeTooShort         a licensed auction house: the statute's floor
└── DepositDueTooLate
StageRefused                      409   not in this state
├── OfferingNotForAuction               the offering is not reviewed, or takes another path
├── TermsPinned                         the notice is out
├── ReadyTooEarly
├── NotSuspended
├── LotNotCalledUp, LotTooEarly, NotInHall, CallOutOfOrder, CallTooEarly, HammerTooEarly, NothingToKnockDown, BidStands,
│   CorrectionTooLate                   the auctioneer's commands
├── PriorityRefused, PriorityAnswered   rights of first refusal
└── WithdrawalAfterStart
    └── StatutoryWithdrawalAfterStart
OperatorIsSeller                  403   nobody runs the sale of his own party
"""

from app.auctions.errors.bidding import (
    AlreadyHighest,
    AuctionCancelled,
    BidAboveJumpCap,
    BidBelowStart,
    BidderBarred,
    BidderDepositNotHeld,
    BidderNotQualified,
    BidderNotRegistered,
    BiddingEnded,
    BiddingNotStarted,
    BiddingSuspended,
    BidJumpUnconfirmed,
    BidNotAboveCurrent,
    BidOffLadder,
    BidRefused,
    MandateExceeded,
    NotTheAgent,
    NoUnitFree,
    ProxyAbsent,
    ProxyBelowNext,
    ProxyNotAllowed,
    ProxyRefused,
    ProxyTooEarly,
    RoyaltyAboveWhole,
    SellerMayNotBid,
)
from app.auctions.errors.hall import (
    BidStands,
    CallOutOfOrder,
    CallTooEarly,
    CorrectionTooLate,
    HammerTooEarly,
    LotNotCalledUp,
    LotTooEarly,
    NothingToKnockDown,
    NotInHall,
    PriorityAnswered,
    PriorityRefused,
)
from app.auctions.errors.notice import (
    DepositDueTooLate,
    FormatMismatch,
    NoticeRefused,
    NoticeTooShort,
    StatutoryNoticeTooShort,
    TermsOutOfBounds,
    TimetableOutOfOrder,
    TimetableTooFar,
)
from app.auctions.errors.stages import (
    NotSuspended,
    OfferingNotForAuction,
    OperatorIsSeller,
    ReadyTooEarly,
    StageRefused,
    StatutoryWithdrawalAfterStart,
    TermsPinned,
    WithdrawalAfterStart,
)

__all__ = [
    "AlreadyHighest",
    "AuctionCancelled",
    "BidAboveJumpCap",
    "BidBelowStart",
    "BidJumpUnconfirmed",
    "BidNotAboveCurrent",
    "BidOffLadder",
    "BidRefused",
    "BidStands",
    "BidderBarred",
    "BidderDepositNotHeld",
    "BidderNotQualified",
    "BidderNotRegistered",
    "BiddingEnded",
    "BiddingNotStarted",
    "BiddingSuspended",
    "CallOutOfOrder",
    "CallTooEarly",
    "CorrectionTooLate",
    "DepositDueTooLate",
    "FormatMismatch",
    "HammerTooEarly",
    "LotNotCalledUp",
    "LotTooEarly",
    "MandateExceeded",
    "NoUnitFree",
    "NotInHall",
    "NotSuspended",
    "NotTheAgent",
    "NothingToKnockDown",
    "NoticeRefused",
    "NoticeTooShort",
    "OfferingNotForAuction",
    "OperatorIsSeller",
    "PriorityAnswered",
    "PriorityRefused",
    "ProxyAbsent",
    "ProxyBelowNext",
    "ProxyNotAllowed",
    "ProxyRefused",
    "ProxyTooEarly",
    "ReadyTooEarly",
    "RoyaltyAboveWhole",
    "SellerMayNotBid",
    "StageRefused",
    "StatutoryNoticeTooShort",
    "StatutoryWithdrawalAfterStart",
    "TermsOutOfBounds",
    "TermsPinned",
    "TimetableOutOfOrder",
    "TimetableTooFar",
    "WithdrawalAfterStart",
]
