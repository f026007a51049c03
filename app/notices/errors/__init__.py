"""The room's refusals.

Refusal
├── Conflict  NoticeNotRunning, NoticeLiveAlready, NoticePaused, ObjectionOpen, PlaceMissing,
│             ObjectionProcedureMissing                                                  notices
├── Malformed NoticeTooShort, NoticeContentIncomplete, NoticeContentUnknown             notices
├── Conflict  MendPriceNeverCorrection, MendClassUnfit, MendOtherRight, MendTooLate, MendWaiting,
│             SupplementSellerCaused                                                     mending
├── Malformed MendFieldUnknown, MendPaperMissing, MendChangesNothing, SupplementTooShort,
│             PlaceNotLiveYet                                                            mending
└── Forbidden MendSamePerson                                                             mending
"""

from app.notices.errors.mending import (
    MendChangesNothing,
    MendClassUnfit,
    MendFieldUnknown,
    MendOtherRight,
    MendPaperMissing,
    MendPriceNeverCorrection,
    MendSamePerson,
    MendTooLate,
    MendWaiting,
    PlaceNotLiveYet,
    SupplementSellerCaused,
    SupplementTooShort,
)
from app.notices.errors.notices import (
    NoticeContentIncomplete,
    NoticeContentUnknown,
    NoticeLiveAlready,
    NoticeNotRunning,
    NoticePaused,
    NoticeTooShort,
    ObjectionOpen,
    ObjectionProcedureMissing,
    PlaceMissing,
)

__all__ = [
    "MendChangesNothing",
    "MendClassUnfit",
    "MendFieldUnknown",
    "MendOtherRight",
    "MendPaperMissing",
    "MendPriceNeverCorrection",
    "MendSamePerson",
    "MendTooLate",
    "MendWaiting",
    "NoticeContentIncomplete",
    "NoticeContentUnknown",
    "NoticeLiveAlready",
    "NoticeNotRunning",
    "NoticePaused",
    "NoticeTooShort",
    "ObjectionOpen",
    "ObjectionProcedureMissing",
    "PlaceMissing",
    "PlaceNotLiveYet",
    "SupplementSellerCaused",
    "SupplementTooShort",
]
