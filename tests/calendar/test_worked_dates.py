"""The worked dates that a lawyer can read (docs/dates.md), computed by the market's rules."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.calendar.rules import CountedEnd, Period, PeriodUnit, period_end, remaining, resumed_end
from app.config import ROOT
from tests.calendar.known import KNOWN

UNITS = {"日": PeriodUnit.CALENDAR_DAY, "工作日": PeriodUnit.WORKING_DAY}
PERIOD = re.compile(r"(\d+)(日|工作日)")
PAUSE = re.compile(r"([\d: -]{16}) 中止，([\d-]{10}) 恢复(?:，至少(\d+)工作日)?")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def rows() -> list[list[str]]:
    """The cells of every case."""
    lines = (ROOT / "docs/dates.md").read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d", line)
    ]


def counted(start: str, period: str, cutoff: str, pause: str) -> CountedEnd:
    """When a case ends, by the rules."""
    found = PERIOD.fullmatch(period)
    assert found is not None
    whole, start_on = Period(int(found[1]), UNITS[found[2]]), date.fromisoformat(start)
    hours, minutes = cutoff.split(":")
    minute = int(hours) * 60 + int(minutes)
    if not pause:
        return period_end(KNOWN, start_on, whole, minute)
    broken = PAUSE.fullmatch(pause)
    assert broken is not None, pause
    at = datetime.fromisoformat(broken[1]).replace(tzinfo=SHANGHAI)
    left = remaining(KNOWN, start_on, whole, minute, at)
    least = Period(int(broken[3]), PeriodUnit.WORKING_DAY) if broken[3] else None
    return resumed_end(KNOWN, date.fromisoformat(broken[2]), left, minute, at_least=least)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_worked_case_ends_as_the_table_says(row: list[str]) -> None:
    _, _, start, period, cutoff, pause, told, _ = row
    end = counted(start, period, cutoff, pause)
    assert f"{end.on} {end.local}" + ("（暂定）" if end.provisional else "") == told


def test_there_are_at_least_sixty_cases_numbered_one_after_another() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, len(rows()) + 1))
    assert len(rows()) >= 60
