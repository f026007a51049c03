"""The competition of a listed sale with rivals: terms and timetable that nobody has to type in."""

from datetime import date, datetime
from typing import Any

from app.auctions.rules.ladder import Ladder
from app.auctions.rules.terms import SessionProfile, Terms, Timetable
from app.kit.dates import at_local
from app.markets.auction_parameters import USUAL, AuctionParameters
from app.markets.fairness import fairness_of
from app.markets.parameters import time_of_day


def set_by_the_market(auction: AuctionParameters) -> dict[str, Any]:
    """Terms that no seller chooses: the rule profile's own values."""
    return {
        "restart_notice_seconds": auction.restart_notice_seconds.value,
        "fairness": fairness_of(auction),
    }


def terms_of_competition(*, ask_minor: int, deposit_minor: int, auction: AuctionParameters = USUAL) -> Terms:
    """Bidding starts from the ask (fen), on the usual ladder. The notice was the listing's, so it asks for no days."""
    return Terms(
        start_price_minor=ask_minor,
        ladder=Ladder.usual(),
        deposit_minor=deposit_minor,
        free_seconds=auction.competition_free_seconds.value,
        window_seconds=auction.long_window_seconds.value,
        notice_days_min=0,
        session_profile=SessionProfile.ONLINE_LONG,
        **set_by_the_market(auction),
    )


def timetable_of_competition(
    *,
    registration_opens_at: datetime,
    registration_closes_at: datetime,
    deposit_due_at: datetime,
    starts_on: date,
    auction: AuctionParameters = USUAL,
) -> Timetable:
    """The listing's own instants, and the start at the usual hour of the day given."""
    return Timetable(
        registration_opens_at=registration_opens_at,
        registration_closes_at=registration_closes_at,
        deposit_due_at=deposit_due_at,
        starts_at=at_local(starts_on, time_of_day(auction.competition_start_minute)),
    )
