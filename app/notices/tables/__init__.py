"""Rows of notices: the notice with its clock, its record, where it appears, how it was mended; and objections."""

from app.notices.tables.notices import NoticePlaceRow, NoticeRow, NoticeWatcherRow
from app.notices.tables.objections import ObjectionFileRow, ObjectionRow
from app.notices.tables.record import NoticeBlobRow, NoticeEntryRow, NoticeHoldRow, NoticeMendRow

__all__ = [
    "NoticeBlobRow",
    "NoticeEntryRow",
    "NoticeHoldRow",
    "NoticeMendRow",
    "NoticePlaceRow",
    "NoticeRow",
    "NoticeWatcherRow",
    "ObjectionFileRow",
    "ObjectionRow",
]
