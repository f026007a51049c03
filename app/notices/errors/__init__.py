"""The room's refusals.

Refusal
├── Conflict  NoticeNotRunning, NoticeLiveAlready, NoticePaused, ObjectionOpen, PlaceMissing, NoticeOfSale,
│             ObjectionProcedureMissing                                                  notices
├── Malformed NoticePeriodTooShort, NoticeContentIncomplete, NoticeContentUnknown             notices
├── Conflict  MendPriceNeverCorrection, MendClassUnfit, MendOtherRight, MendTooLate, MendWaiting, MendNeedsNewNotice,
│             SupplementSellerCaused                                                     mending
├── Malformed MendFieldUnknown, MendPaperMissing, MendChangesNothing, SupplementTooShort,
│             PlaceTimeUnfit, PlaceEvidenceMissing                                                          mending
└── Forbidden MendSamePerson                                                             mending
"""

from app.notices.errors.mending import (
    MendChangesNothing,
    MendClassUnfit,
    MendFieldUnknown,
    MendNeedsNewNotice,
    MendOtherRight,
    MendPaperMissing,
    MendPriceNeverCorrection,
    MendSamePerson,
    MendTooLate,
    MendWaiting,
    PlaceEvidenceMissing,
    PlaceTimeUnfit,
    SupplementSellerCaused,
    SupplementTooShort,
)
from app.notices.errors.notices import (
    NoticeContentIncomplete,
    NoticeContentUnknown,
    NoticeLiveAlready,
    NoticeNotRunning,
    NoticeOfSale,
    NoticePaused,
    NoticePeriodTooShort,
    ObjectionOpen,
    ObjectionProcedureMissing,
    PlaceMissing,
)
from app.notices.errors.objections import (
    ObjectionEffectMissing,
    ObjectionEvidenceMissing,
    ObjectionExists,
    ObjectionExtendedAlready,
    ObjectionFilerIsOwner,
    ObjectionHandlerConcerned,
    ObjectionOutsidePeriod,
    ObjectionStage,
    ReviewTooLate,
    ReviewUsed,
)

__all__ = [
    "MendChangesNothing",
    "MendClassUnfit",
    "MendFieldUnknown",
    "MendNeedsNewNotice",
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
    "NoticeOfSale",
    "NoticePaused",
    "NoticePeriodTooShort",
    "ObjectionEffectMissing",
    "ObjectionEvidenceMissing",
    "ObjectionExists",
    "ObjectionExtendedAlready",
    "ObjectionFilerIsOwner",
    "ObjectionHandlerConcerned",
    "ObjectionOpen",
    "ObjectionOutsidePeriod",
    "ObjectionProcedureMissing",
    "ObjectionStage",
    "PlaceEvidenceMissing",
    "PlaceMissing",
    "PlaceTimeUnfit",
    "ReviewTooLate",
    "ReviewUsed",
    "SupplementSellerCaused",
    "SupplementTooShort",
]
