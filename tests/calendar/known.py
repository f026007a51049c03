"""Every day from 2004 to 2026, as the government's notices have it, for tests that count."""

from datetime import date, timedelta

import chinese_calendar

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
ALL = [FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1)]
KNOWN = {on: chinese_calendar.is_workday(on) for on in ALL}
WORKED = [on for on in ALL if KNOWN[on]]
