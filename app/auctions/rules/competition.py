"""The competition of a listed sale with rivals: terms and timetable that nobody has to type in."""

from datetime import date, datetime, time
from typing import Final

from app.auctions.rules.ladder import Ladder
from app.auctions.rules.terms import SessionProfile, Terms, Timetable
from app.kit.dates import at_local

STARTS_AT_LOCAL: Final = time(10, 0)
"""When such a competition begins, on the working day after it was called (house rule)."""

FREE_SECONDS: Final = 3_600
WINDOW_SECONDS: Final = 300


def terms_of_competition(*, ask_minor: int, deposit_minor: int) -> Terms:
    """Bidding starts from the ask (fen), on the usual ladder. The notice was the listing's, so it asks for no days."""
    return Terms(
        start_price_minor=ask_minor,
        ladder=Ladder.usual(),
        deposit_minor=deposit_minor,
        free_seconds=FREE_SECONDS,
        window_seconds=WINDOW_SECONDS,
        notice_days_min=0,
        session_profile=SessionProfile.ONLINE_LONG,
    )


def timetable_of_competition(
    *,
    registration_opens_at: datetime,
    registration_closes_at: datetime,
    deposit_due_at: datetime,
    starts_on: date,
) -> Timetable:
    """The listing's own instants, and the start at ten on the day given."""
    return Timetable(
        registration_opens_at=registration_opens_at,
        registration_closes_at=registration_closes_at,
        deposit_due_at=deposit_due_at,
        starts_at=at_local(starts_on, STARTS_AT_LOCAL),
    )
