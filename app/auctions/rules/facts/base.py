"""What every fact carries."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class FactBase:
    """A public fact: its number in the sale's record and its time."""

    seq: int
    at: datetime
    """Market time of the decision."""
