"""Whether a slot may be offered, booked and given back, on plain values."""

from datetime import datetime, timedelta

from app.markets.inspection.errors import SlotFull, SlotOver, SlotUnfit
from app.markets.inspection.states import SlotStatus

LONGEST = timedelta(hours=24)


def check_slot(*, starts_at: datetime, ends_at: datetime, at: datetime, sale_over: bool) -> None:
    """Refuse a slot that has begun, that ends before it begins or a day later, or that comes after the sale."""
    if sale_over or starts_at <= at or not starts_at < ends_at <= starts_at + LONGEST:
        raise SlotUnfit()


def check_open(*, status: SlotStatus, starts_at: datetime, at: datetime, sale_over: bool) -> None:
    """Refuse to book, give back or cancel what has begun, was cancelled, or belongs to a sale that is over."""
    if sale_over or status is not SlotStatus.OPEN or at >= starts_at:
        raise SlotOver()


def check_place(*, booked: int, capacity: int) -> None:
    """Refuse one party more than a slot takes."""
    if booked >= capacity:
        raise SlotFull(capacity=capacity)
