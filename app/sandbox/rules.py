"""How far a sandbox's clock may run."""

from datetime import datetime, timedelta

from app.sandbox.errors import ClockTooFar

AHEAD_MAX = timedelta(days=10 * 365)


def check_horizon(at: datetime, advance_seconds: int, real: datetime) -> None:
    """Refuse a leap that would bring market time more than ten years ahead of real time. House rule."""
    if at + timedelta(seconds=advance_seconds) > real + AHEAD_MAX:
        raise ClockTooFar(
            "沙箱时钟最多比真实时间快十年。",
            "A sandbox's clock may be at most ten years ahead of real time.",
            field="/body/advance_seconds",
        )
