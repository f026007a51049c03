"""Faults in notices, their mending and objections."""

from typing import Final

from tests.planted.fault import planted

CLOCK: Final = "tests/notices/test_rules_clock.py"
MENDING: Final = "tests/notices/test_rules_mending.py"
OBJECTIONS: Final = "tests/notices/test_objections.py"
GATE: Final = "tests/auctions/test_rules_objections.py"
RACES: Final = "tests/concurrency/test_notices.py"

_RULES: Final = "app/notices/rules/clock.py"

NOTICES: Final = (
    planted(
        "notice-passes-with-open-objections",
        "a notice passes without asking for undecided objections",
        _RULES,
        (
            "return ends_at if status is NoticeStatus.RUNNING and open_objections == 0 else None",
            "return ends_at if status is NoticeStatus.RUNNING else None",
        ),
        CLOCK,
        quick=True,
    ),
    planted(
        "first-place-starts-the-clock",
        "the first of two places starts the clock",
        _RULES,
        ("return max(known) if known", "return min(known) if known"),
        CLOCK,
        quick=True,
    ),
    planted(
        "objection-after-the-end",
        "an objection is taken at the end itself",
        _RULES,
        ("and clock.starts_at <= at < clock.ends_at", "and clock.starts_at <= at <= clock.ends_at"),
        CLOCK,
        quick=True,
    ),
    planted(
        "broken-day-is-counted",
        "what is left of a notice that stood still is less by the day that was broken",
        _RULES,
        (
            "return Period(running.counted.value - done, running.counted.unit)",
            "return Period(max(running.counted.value - done - 1, 0), running.counted.unit)",
        ),
        CLOCK,
        quick=True,
    ),
    planted(
        "price-is-corrected",
        "a price is mended by a correction",
        "app/notices/rules/fields.py",
        ("FieldClass.PRICE: MendKind.CHANGE,", "FieldClass.PRICE: MendKind.CORRECTION,"),
        MENDING,
    ),
    planted(
        "another-right-is-a-slip",
        "a number of another right is taken for a slip",
        "app/notices/rules/rights.py",
        ("changed <= SLIP_MAX and not fits(before)", "changed <= SLIP_MAX"),
        MENDING,
        quick=True,
    ),
    planted(
        "standstill-does-not-hold-the-close",
        "a sale closes while its notice stands still",
        "app/auctions/rules/engine.py",
        ("    objections.hold(minutes)\n", ""),
        GATE,
        quick=True,
    ),
    planted(
        "clock-goes-on-with-the-first-decision",
        "the clock goes on although another objection is open",
        "app/notices/actions/running.py",
        (" or await repository.is_held(session, row.id):", ":"),
        OBJECTIONS,
        RACES,
    ),
    planted(
        "acceptance-takes-no-lock",
        "an objection is handled without its notice's lock",
        "app/notices/actions/objections.py",
        (
            "    notice = await repository.lock(session, notice_id)\n    row = await repository.lock_objection",
            "    notice = await repository.notice(session, notice_id)\n    row = await repository.lock_objection",
        ),
        RACES,
    ),
)
