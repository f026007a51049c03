"""What the room refuses about offerings and awards.

SubmissionRefused                 409   a guard of the offering stands in the way; `guards` in the data tells them all
├── SellerHasNoProfile                  government, military units and the exchange do not sell here
├── StateEnterpriseCannotSell           until the rules of 2025 have been read
├── PathNotOpen                         this profile does not allow the path
├── AchievementNotRegistered
├── SellerNotHolder
├── AchievementSecret
├── SecrecyStatementMissing
├── SharesNotConfirmed
├── DecisionMissing
├── AskMissing
├── PeriodOutOfBounds
└── DepositOutOfBounds
TermsRefused                      409   the terms contradict each other
├── CapacityUnfit                       only one buyer can have a transfer, an exclusive or a sole licence
├── ModeNeedsDemand                     development and service come from a demand's choice
├── ModeNotOnPath                       an investment in kind is negotiated
└── AskUnfit                            an ask belongs to the listed path
OfferingStage                     409   not in a state that allows this
ReviewerIsParty                   403   who decides is not of the seller's party
AwardRefused                      409   no award; nothing has changed
├── OfferingNotOpen
├── CapacityUsedUp
├── AlreadyAwarded                      this buyer has one
└── BuyerIsSeller
AwardWasRescinded                 409   its buyer defaulted
AwardWasConcluded                 409   both sides have concluded the contract
WithdrawalRefused                 409
├── WithdrawalNeedsDocument             on the market, only with the approver's paper and a reason
└── WithdrawalThroughAuction            a sale that is with the auction room is cancelled there
"""

from app.markets.errors.awards import (
    AlreadyAwarded,
    AwardRefused,
    AwardWasConcluded,
    AwardWasRescinded,
    BuyerIsSeller,
    CapacityUsedUp,
    OfferingNotOpen,
)
from app.markets.errors.submission import (
    AchievementNotRegistered,
    AchievementSecret,
    AskMissing,
    DecisionMissing,
    DepositOutOfBounds,
    PathNotOpen,
    PeriodOutOfBounds,
    SecrecyStatementMissing,
    SellerHasNoProfile,
    SellerNotHolder,
    SharesNotConfirmed,
    StateEnterpriseCannotSell,
    SubmissionRefused,
)
from app.markets.errors.terms import (
    AskUnfit,
    CapacityUnfit,
    ModeNeedsDemand,
    ModeNotOnPath,
    OfferingStage,
    ReviewerIsParty,
    TermsRefused,
)
from app.markets.errors.withdrawal import (
    WithdrawalNeedsDocument,
    WithdrawalRefused,
    WithdrawalThroughAuction,
)

__all__ = [
    "AchievementNotRegistered",
    "AchievementSecret",
    "AlreadyAwarded",
    "AskMissing",
    "AskUnfit",
    "AwardRefused",
    "AwardWasConcluded",
    "AwardWasRescinded",
    "BuyerIsSeller",
    "CapacityUnfit",
    "CapacityUsedUp",
    "DecisionMissing",
    "DepositOutOfBounds",
    "ModeNeedsDemand",
    "ModeNotOnPath",
    "OfferingNotOpen",
    "OfferingStage",
    "PathNotOpen",
    "PeriodOutOfBounds",
    "ReviewerIsParty",
    "SecrecyStatementMissing",
    "SellerHasNoProfile",
    "SellerNotHolder",
    "SharesNotConfirmed",
    "StateEnterpriseCannotSell",
    "SubmissionRefused",
    "TermsRefused",
    "WithdrawalNeedsDocument",
    "WithdrawalRefused",
    "WithdrawalThroughAuction",
]
