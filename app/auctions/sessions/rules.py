"""The runner's decisions on plain values: what a session does next by itself, which lot may be opened, who holds a unit.

House rules (practice R10, R21): lots go in brochure order; an online session opens the next lot by itself after a short
gap, in a hall the auctioneer does; past the day's limit a session adjourns, if its notice says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from app.auctions.rules.terms import SessionProfile
from app.auctions.sessions.errors import (
    LotOfSession,
    LotOutOfOrder,
    LotWaits,
    SessionDayOver,
    SessionHours,
    SessionOutOfBounds,
    SessionStage,
    SessionUnfit,
    UnitsUnfit,
)
from app.auctions.sessions.states import SessionStatus
from app.auctions.states import ENDED, PUBLISHED, AuctionStatus
from app.kit.dates import at_local, beijing, market_date, wire
from app.markets.auction_parameters import USUAL
from app.markets.parameters import Parameter, Unit, time_of_day

START_FROM: Final = time_of_day(USUAL.start_earliest_minute)
START_UNTIL: Final = time_of_day(USUAL.start_latest_minute)

OVER: Final = (*ENDED, AuctionStatus.PRIORITY_PENDING)
"""The lot has left the block: the next may follow, also while a right of first refusal is being answered."""


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A lot as its session sees it. over_at: when it left the block; starts_at: before which it is not opened."""

    lot_no: int
    status: AuctionStatus
    over_at: datetime | None
    starts_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether it has left the block."""
        return self.status in OVER

    @property
    def waits(self) -> bool:
        """Whether it has not been called up yet."""
        return self.status in PUBLISHED or self.status is AuctionStatus.DRAFT


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session between two steps. `day_opens`, `day_ends`: local times; `lots` in brochure order."""

    status: SessionStatus
    profile: SessionProfile
    starts_at: datetime | None
    continues_at: datetime | None
    started_at: datetime | None
    day_opens: time
    day_ends: time
    adjourns: bool
    gap_seconds: int
    lots: Sequence[Lot]

    @property
    def turn(self) -> Lot | None:
        """The lot on the block, or the one whose turn it is."""
        return next((lot for lot in self.lots if not lot.over), None)

    @property
    def settled(self) -> bool:
        """Whether nothing more happens on any lot, first refusals included."""
        return all(lot.status in ENDED for lot in self.lots)

    @property
    def last_over_at(self) -> datetime | None:
        """When the latest lot left the block."""
        return max((lot.over_at for lot in self.lots if lot.over_at is not None), default=None)


class Step(StrEnum):
    """What a session does by itself."""

    START = "start"
    OPEN_LOT = "open_lot"
    ADJOURN = "adjourn"
    CONTINUE = "continue"
    END = "end"


def day_over(session: Session, at: datetime) -> bool:
    """Whether the day's limit has passed for a session that adjourns. The limit itself is past it."""
    return session.adjourns and at >= limit_of(session, at)


def limit_of(session: Session, at: datetime) -> datetime:
    """The end of the day of sale on which an instant falls."""
    return at_local(market_date(at), session.day_ends)


def due(session: Session, now: datetime) -> tuple[datetime, Step] | None:
    """What comes next by itself, and when; never earlier than it may. None: a person, or a lot, comes first."""
    if session.status in (SessionStatus.DRAFT, SessionStatus.ENDED):
        return None
    if session.turn is None:
        return (now, Step.END) if session.settled else None
    if session.status is SessionStatus.NOTICED:
        assert session.starts_at is not None
        return session.starts_at, Step.START
    if session.status is SessionStatus.ADJOURNED:
        assert session.continues_at is not None
        return session.continues_at, Step.CONTINUE
    return _due_running(session, session.turn, now)


def _due_running(session: Session, turn: Lot, now: datetime) -> tuple[datetime, Step] | None:
    if not turn.waits:
        return None
    opens = _opens_at(session, turn)
    if session.adjourns:
        limit = limit_of(session, now)
        if opens is None or opens >= limit or now >= limit:
            return limit, Step.ADJOURN
    return (opens, Step.OPEN_LOT) if opens is not None else None


def _opens_at(session: Session, turn: Lot) -> datetime | None:
    """When an online session opens a lot by itself. None: in a hall, or before the deposits are signed off."""
    if session.profile is SessionProfile.HALL or turn.status is not AuctionStatus.READY:
        return None
    gap = timedelta(seconds=session.gap_seconds)
    before = session.last_over_at
    opens = before + gap if before is not None else session.started_at
    # A signature after the announced start, or an outage, has moved it.
    return max((one for one in (opens, turn.starts_at) if one is not None), default=None)


def check_open(session: Session, lot_no: int, at: datetime) -> None:
    """Refuse to call a lot up: the session's state, the turn, the day's limit, then the lot's own state."""
    if session.status is SessionStatus.NOTICED:
        if session.starts_at is None or at < session.starts_at:
            raise SessionStage(starts_at=wire(session.starts_at) if session.starts_at else None)
    elif session.status is SessionStatus.ADJOURNED:
        raise SessionDayOver(continues_at=wire(session.continues_at) if session.continues_at else None)
    elif session.status is not SessionStatus.RUNNING:
        raise SessionStage(status_now=str(session.status))
    turn = session.turn
    if turn is None or turn.lot_no != lot_no:
        raise LotOutOfOrder(lot_no=turn.lot_no if turn else None)
    if turn.waits and day_over(session, at):
        raise SessionDayOver(continues_at=None)
    if turn.status is not AuctionStatus.READY:
        raise LotWaits(lot_status=str(turn.status))


def check_alone(found: object, *, by_session: bool) -> None:
    """Refuse to announce or sign off a lot by itself that a session does it for. `found`: its session, or None."""
    if found is not None and not by_session:
        raise LotOfSession()


def clock_of(text: str) -> time:
    """A local time of day written `HH:MM`."""
    return time.fromisoformat(text)


def check_start(starts_at: datetime, *, is_working: bool) -> None:
    """Refuse a start outside the announced hours, or on a day that is not worked. House rule (practice R10)."""
    clock = beijing(starts_at).time()
    if not is_working or not START_FROM <= clock <= START_UNTIL:
        raise SessionHours(
            field="/body/starts_at", opens=f"{START_FROM:%H:%M}", closes=f"{START_UNTIL:%H:%M}"
        )


def check_day(day_opens: time, day_ends: time) -> None:
    """Refuse a day of sale outside its bounds, or one that is turned round."""
    for field, clock in (("day_opens", day_opens), ("day_ends", day_ends)):
        check_number(field, clock.hour * 60 + clock.minute)
    if day_opens >= day_ends:
        raise SessionUnfit(
            "开市时间须早于当日截止时间。", "A day of sale opens before it ends.", field="/body/day_ends"
        )


NUMBERS: Final[dict[str, tuple[str, str, Parameter]]] = {
    "day_opens": ("开市时间", "The opening of the day", USUAL.session_opens_minute),
    "day_ends": ("当日截止时间", "The end of the day", USUAL.session_ends_minute),
    "gap_seconds": ("标的间隔", "The gap between lots", USUAL.session_gap_seconds),
    "call_seconds": ("落槌前提示时间", "The fair warning before the hammer", USUAL.call_seconds),
    "units_max": ("每位竞买人的保证金份数上限", "The most units of one bidder", USUAL.session_units_max),
    "paddle_first": ("起始号牌", "The first paddle", USUAL.paddle_first),
    "paddle_last": ("末尾号牌", "The last paddle", USUAL.paddle_last),
}
"""Field → what people call it, and its bounds. A session's lots may pin several profiles: the market's own rule holds."""


def check_number(field: str, value: int) -> None:
    """Refuse a number of a session outside its bounds in the rule profile; a time of day is in minutes."""
    zh, en, bounds = NUMBERS[field]
    lowest, highest = bounds.floor, bounds.ceiling
    assert lowest is not None and highest is not None
    if not lowest <= value <= highest:
        clock = bounds.unit is Unit.LOCAL_MINUTE
        low, high = (f"{one // 60:02}:{one % 60:02}" if clock else str(one) for one in (lowest, highest))
        unit = ("秒", " seconds") if bounds.unit is Unit.SECOND else ("", "")
        raise SessionOutOfBounds(
            f"{zh}应为 {low} 至 {high}{unit[0]}。",
            f"{en} must be {low} to {high}{unit[1]}.",
            field=f"/body/{field}",
            lowest=low,
            highest=high,
            unit=str(bounds.unit),
            rule_source=bounds.source,
        )


def check_units(units: int, *, unit_minor: int | None, units_max: int) -> None:
    """Refuse a number of units that the session does not take. None or zero fen: it takes none."""
    lowest, highest = (1, units_max) if unit_minor else (0, 0)
    if not lowest <= units <= highest:
        raise UnitsUnfit(field="/body/units", units_min=lowest, units_max=highest)


def free_units(*, units: int, leading: int, won: int, held: bool) -> int:
    """How many units stand behind no lot; none before the deposit is held."""
    return units - leading - won if held else 0
