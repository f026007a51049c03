"""What an auction may and must be, as data: part of every rule profile, pinned with it.

Everything here is a house rule, for sellers and bidders of network bidding 网络竞价: the courts' rules for online sales,
from which many values come, bind courts. The Auction Law binds a licensed auction house, and only where one runs the
sale; its two floors stand here with their articles and are used in that case alone.
"""

from dataclasses import dataclass
from typing import Final

from app.kit.errors import HOUSE_RULE
from app.markets.parameters import HOUSE_AFTER_COURTS, Parameter, Unit

DAY_SECONDS: Final = 86_400
STATUTE_NOTICE: Final = "拍卖法 art. 45"
STATUTE_DISPLAY: Final = "拍卖法 art. 48"

_P = Parameter
_U = Unit


def _seconds(value: int, floor: int, ceiling: int, source: str = HOUSE_RULE) -> Parameter:
    return Parameter(value, Unit.SECOND, source, floor, ceiling)


def _working_days(value: int, floor: int, ceiling: int, source: str = HOUSE_RULE) -> Parameter:
    return Parameter(value, Unit.WORKING_DAY, source, floor, ceiling)


@dataclass(frozen=True, kw_only=True)
class AuctionParameters:
    """Every number of an auction. Seconds are of market time unless an attribute says otherwise."""

    # Phases, by session profile.
    session_free_seconds: Parameter = _seconds(3_600, 900, 3_600)
    session_window_seconds: Parameter = _seconds(120, 60, 180)
    long_free_seconds: Parameter = _seconds(
        DAY_SECONDS, 3_600, 30 * DAY_SECONDS, f"{HOUSE_AFTER_COURTS} art. 20"
    )
    long_window_seconds: Parameter = _seconds(300, 60, 600, f"{HOUSE_AFTER_COURTS} art. 20")
    competition_free_seconds: Parameter = _seconds(3_600, 3_600, DAY_SECONDS)
    """Of the competition of a listed sale with rivals; its window is that of a long lot."""
    hall_free_seconds: Parameter = _seconds(0, 0, 0)
    """In a hall the hammer ends the bidding: there is no free phase."""
    hall_window_seconds: Parameter = _seconds(0, 0, 600)
    call_seconds: Parameter = _seconds(15, 10, 30)
    """The fair warning that online bidders get at each of the auctioneer's calls."""
    extensions_max: Parameter = _P(10_000, _U.COUNT, f"{HOUSE_AFTER_COURTS} art. 20", 1, 10_000)
    """Where a notice caps extensions at all; without a cap they go on for as long as bids come."""
    restart_notice_seconds: Parameter = _seconds(300, 60, DAY_SECONDS)
    session_gap_seconds: Parameter = _seconds(20, 0, 900)
    """Between the close of one lot of a session and the opening of the next, where lots follow by themselves."""
    session_opens_minute: Parameter = _P(570, _U.LOCAL_MINUTE, HOUSE_RULE, 480, 1_259)
    session_ends_minute: Parameter = _P(1_050, _U.LOCAL_MINUTE, HOUSE_RULE, 481, 1_260)
    """A session's day lies between 08:00 and 21:00."""
    session_lots_max: Parameter = _P(200, _U.COUNT, HOUSE_RULE, 1, 200)
    session_units_max: Parameter = _P(20, _U.COUNT, HOUSE_RULE, 1, 200)
    """The most deposit units of one bidder in a session."""
    paddle_first: Parameter = _P(201, _U.COUNT, HOUSE_RULE, 1, 99_999)
    paddle_last: Parameter = _P(320, _U.COUNT, HOUSE_RULE, 1, 99_999)

    # Amounts. The deposit's share of the start price is the profile's own `deposit_bp`.
    jump_cap_bp: Parameter = _P(10_000, _U.BASIS_POINT, HOUSE_RULE, 5_000, 1_000_000)
    """The hard cap on a raise, where a notice sets one: no cap refuses a raise of half the price."""
    jump_confirm_steps: Parameter = _P(5, _U.COUNT, HOUSE_RULE, 1, 1_000)
    jump_confirm_bp: Parameter = _P(2_000, _U.BASIS_POINT, HOUSE_RULE, 100, 1_000_000)
    """A raise above both (so many increments, this share of the price) is asked for a second time."""
    royalty_bp: Parameter = _P(300, _U.BASIS_POINT, HOUSE_RULE, 1, 10_000)
    annual_fee_years: Parameter = _P(5, _U.COUNT, HOUSE_RULE, 1, 20)

    # The notice and its timetable.
    licensed_house_notice_days: Parameter = _P(7, _U.CALENDAR_DAY, STATUTE_NOTICE, 7, 365)
    """Binds a licensed auction house only; everybody else's is the profile's `auction_notice_days`."""
    licensed_house_display_days: Parameter = _P(2, _U.CALENDAR_DAY, STATUTE_DISPLAY, 2, 60)
    timetable_days_max: Parameter = _P(400, _U.CALENDAR_DAY, HOUSE_RULE, 1, 400)
    """A date farther from now is a slip of the pen."""
    deposit_lead_days: Parameter = _working_days(1, 1, 20)
    """Working days between the day on which deposits are due and the start."""
    start_earliest_minute: Parameter = _P(540, _U.LOCAL_MINUTE, HOUSE_RULE, 0, 1_439)
    start_latest_minute: Parameter = _P(1_020, _U.LOCAL_MINUTE, HOUSE_RULE, 0, 1_439)
    """Sales of a session start from 09:00 to 17:00."""
    competition_start_minute: Parameter = _P(600, _U.LOCAL_MINUTE, HOUSE_RULE, 540, 1_020)
    """When the competition of a listed sale begins, on the working day after it was called."""
    day_limit_minute: Parameter = _P(1_050, _U.LOCAL_MINUTE, HOUSE_RULE, 960, 1_439)
    day_resume_minute: Parameter = _P(570, _U.LOCAL_MINUTE, HOUSE_RULE, 480, 720)
    """Bidding that passes the limit adjourns to the next working day with the price held, where the notice says so."""

    adjournments_max: Parameter = _P(5, _U.COUNT, HOUSE_RULE, 1, 20)
    """Over how many days a sale may adjourn before somebody has to look at it."""

    # Rights of first refusal.
    priority_seconds: Parameter = _seconds(DAY_SECONDS, 60, 10 * DAY_SECONDS, f"{HOUSE_AFTER_COURTS} art. 21")
    priority_notice_days: Parameter = _P(3, _U.CALENDAR_DAY, f"{HOUSE_AFTER_COURTS} art. 16", 3, 60)
    """How long before the notice the holders are told."""

    # Sealed offers.
    rounds_max: Parameter = _P(1, _U.COUNT, HOUSE_RULE, 1, 10)
    sealing_seconds: Parameter = _seconds(DAY_SECONDS, 600, 30 * DAY_SECONDS)
    round_seconds: Parameter = _seconds(1_800, 300, DAY_SECONDS)
    custodians: Parameter = _P(3, _U.COUNT, HOUSE_RULE, 3, 5)
    custodians_needed: Parameter = _P(2, _U.COUNT, HOUSE_RULE, 2, 3)

    # After the close.
    confirmation_days: Parameter = _working_days(3, 1, 20)
    contract_days: Parameter = _working_days(5, 1, 60)
    payment_days: Parameter = _working_days(5, 1, 250)
    refund_days: Parameter = _working_days(3, 1, 5)
    result_notice_days: Parameter = _working_days(5, 1, 60)
    reauction_days: Parameter = _P(30, _U.CALENDAR_DAY, f"{HOUSE_AFTER_COURTS} art. 26", 1, 60)
    """A sale that passed in, or whose buyer defaulted, is held again within so many days."""
    reauction_cut_bp: Parameter = _P(2_000, _U.BASIS_POINT, f"{HOUSE_AFTER_COURTS} art. 26", 0, 2_000)
    """By how much the start price may be lower than the time before."""
    reauctions_max: Parameter = _P(2, _U.COUNT, HOUSE_RULE, 0, 5)
    suspension_days: Parameter = _P(30, _U.CALENDAR_DAY, HOUSE_RULE, 1, 30)

    # Faults of ours. These seconds are real time.
    outage_bid_seconds: Parameter = _seconds(10, 5, 60)
    """Nobody could bid for longer than this: ends that this touched are postponed by at least a window."""
    outage_deadline_seconds: Parameter = _seconds(600, 5, 3_600)
    """Nobody could register for longer than this: the same for deadlines of registrations and deposits."""
    outage_suspend_seconds: Parameter = _seconds(1_800, 60, DAY_SECONDS)
    """Longer than this: the sale is suspended, for a person to resume with notice."""
    deadline_window_seconds: Parameter = _seconds(3_600, 600, 7 * DAY_SECONDS)
    """What a deadline that is postponed leaves to who was shut out, at least."""


USUAL: Final = AuctionParameters()
