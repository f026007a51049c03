"""When another place may be attested to show a notice. Pure. House rule."""

from datetime import datetime, timedelta
from typing import Final

from app.notices.errors import PlaceEvidenceMissing, PlaceTimeUnfit
from app.notices.states import PlaceKind

EARLIER_MAX: Final = timedelta(days=60)
"""So long before the notice was published here another place may have shown it."""


def check_place(
    place: PlaceKind, shown_at: datetime, published_at: datetime, at: datetime, *, has_evidence: bool
) -> None:
    """Refuse a time that is later than now or far before the notice, then a press notice without its scan."""
    if shown_at > at or shown_at < published_at - EARLIER_MAX:
        raise PlaceTimeUnfit(field="/body/published_at")
    if place is PlaceKind.MEDIA and not has_evidence:
        raise PlaceEvidenceMissing(field="/body/evidence_file_id")
