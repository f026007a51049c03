"""The room's refusals.

Refusal
├── Conflict  NoticeNotRunning, NoticeLiveAlready, NoticePaused, ObjectionOpen           notices
└── Malformed NoticeTooShort, NoticeContentIncomplete, NoticeContentUnknown,
              ObjectionProcedureMissing, PlaceMissing                                    notices
"""

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
    "NoticeContentIncomplete",
    "NoticeContentUnknown",
    "NoticeLiveAlready",
    "NoticeNotRunning",
    "NoticePaused",
    "NoticeTooShort",
    "ObjectionOpen",
    "ObjectionProcedureMissing",
    "PlaceMissing",
]
