"""An outage, as a plain value: a time in which nobody could leave anything with us."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Outage:
    """One gap between two heartbeats of the service, its number rising.

    began_at, ended_at: market time, of the last heartbeat before it and of the first one after it. seconds: its length in
    real time, which is what thresholds are compared with (a sandbox's market time may run faster, or leap).
    """

    no: int
    began_at: datetime
    ended_at: datetime
    seconds: float
