"""Statements of notices and objections that load, lock and write."""

from app.notices.repository.days import (
    calendar_no,
    known_days,
)
from app.notices.repository.gate import (
    standings,
)
from app.notices.repository.holds import (
    add_hold,
    end_hold,
    is_held,
    least_days_since,
)
from app.notices.repository.mends import (
    add_mend,
    lock_mend,
    notice_of_mend,
    open_mend,
)
from app.notices.repository.notices import (
    add,
    clock_of,
    end,
    left_of,
    live_of,
    lock,
    lock_for,
    notice,
    period_of,
    places_of,
    put_off,
    segment_of,
    set_segment,
    take_due,
    take_uncounted,
    take_unjudged,
)
from app.notices.repository.objections import (
    add_objection,
    lock_objection,
    may_see,
    notice_of_objection,
    take_overdue,
    take_uncounted_objection,
    undecided_of,
)
from app.notices.repository.record import (
    NewEntry,
    content_of,
    enter,
)
from app.notices.repository.redacting import (
    blob_of,
    lock_in_region,
    shown_until,
    take_blob,
    take_copies,
    take_pages,
)
from app.notices.repository.watchers import (
    unwatch,
    watch,
)

__all__ = [
    "NewEntry",
    "add",
    "add_hold",
    "add_mend",
    "add_objection",
    "blob_of",
    "calendar_no",
    "clock_of",
    "content_of",
    "end",
    "end_hold",
    "enter",
    "is_held",
    "known_days",
    "least_days_since",
    "left_of",
    "live_of",
    "lock",
    "lock_for",
    "lock_in_region",
    "lock_mend",
    "lock_objection",
    "may_see",
    "notice",
    "notice_of_mend",
    "notice_of_objection",
    "open_mend",
    "period_of",
    "places_of",
    "put_off",
    "segment_of",
    "set_segment",
    "shown_until",
    "standings",
    "take_blob",
    "take_copies",
    "take_due",
    "take_overdue",
    "take_pages",
    "take_uncounted",
    "take_uncounted_objection",
    "take_unjudged",
    "undecided_of",
    "unwatch",
    "watch",
]
