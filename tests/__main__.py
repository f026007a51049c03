"""`python -m tests` (what `make test` runs): every check, on servers of its own, each group within its share of time.

Starts one throw-away PostgreSQL and Valkey on free ports, tells the tests by TEST_DATABASE_URL and TEST_REDIS_URL,
runs the groups in order, and ends with the shares and one plain line of totals. `--only NAME` runs some groups; what
follows `--` goes to pytest.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn
from xml.etree import ElementTree

from app.embedded import Child, EmbeddedServers, ServersFault
from app.embedded.faults import PREFIX
from tests.results import RESULTS, ROOT, take_told

TOTAL_SECONDS_MAX = 600.0
HANGING_FACTOR = 5  # a group that takes this many times its budget is ended and counts as failed
NO_TESTS_COLLECTED = 5
MARKED = ("chaos", "browser", "fuzz")  # groups of their own; `rest` is all that is not marked
LONG = "chaos_long"  # left to `make chaos`
# Groups whose tests run two at once, each with what pytest is told beside; processes that start and stop mostly wait.
AT_ONCE = {"rest": (), "chaos": ("--maxschedchunk", "1")}
# Variables that would point the tests at real servers, change what tests of settings see, or (the last) have each of
# our many processes compile every module anew.
DROPPED = ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "PYTHONDONTWRITEBYTECODE")


@dataclass
class Outcome:
    """What a group came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def add(self, other: "Outcome") -> None:
        """Count another one in."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.seconds += other.seconds


@dataclass(frozen=True)
class Group:
    """Checks that run together. One that is expected fails when it has no tests."""

    name: str
    budget: float
    run: Callable[["Group", Sequence[str]], Outcome]
    needs_servers: bool = True
    expected: bool = True


class Running:
    """The command that runs now, so that a signal can end it."""

    child: Child | None = None


def run_command(command: Sequence[str], seconds: float) -> int:
    """Run a command on this terminal; one that hangs is ended. Its exit code."""
    Running.child = Child.start("tests", [*command], death_signal=signal.SIGKILL, cwd=ROOT)
    try:
        code = Running.child.wait(seconds)
        if code is None:
            print(f"超时 hanging, ended after {seconds:.0f} s: {' '.join(command[:4])}", flush=True)
            code = 1
        return code
    finally:
        Running.child.stop((signal.SIGINT, 10.0), (signal.SIGTERM, 5.0))
        Running.child = None


def run_static(group: Group, _arguments: Sequence[str]) -> Outcome:
    """The checks that need nothing to run; each counts as one test."""
    outcome = Outcome()
    python = [sys.executable, "-m"]
    commands = {
        "ruff check": [*python, "ruff", "check", "."],
        "ruff format": [*python, "ruff", "format", "--check", "--quiet", "."],
        "mypy": [*python, "mypy", "app"],
        "import contracts": [str(Path(sys.executable).with_name("lint-imports"))],
        "frontend types": _npm("run", "--silent", "check"),
        "frontend lint": _npm("run", "--silent", "lint"),
    }
    for name, command in commands.items():
        began = time.monotonic()
        code = run_command(command, group.budget * HANGING_FACTOR)
        print(f"  {time.monotonic() - began:6.1f} s  {name}: {'ok' if code == 0 else 'FAILED'}", flush=True)
        outcome.add(Outcome(passed=int(code == 0), failed=int(code != 0)))
    return outcome


def _npm(*arguments: str) -> list[str]:
    """A command that runs npm in the front end, with the Node.js that is new enough."""
    script = (
        "set -euo pipefail; source scripts/place.sh; source scripts/node.sh; use_node; npm_packages frontend;"
        ' cd frontend; exec npm "$@"'
    )
    return ["/bin/bash", "-c", script, "npm", *arguments]


def run_pytest(group: Group, arguments: Sequence[str]) -> Outcome:
    """One run of pytest over the tests that carry the group's marker."""
    report = RESULTS / f"{group.name}.xml"
    if group.name in MARKED:
        chosen = ["-m", f"{group.name} and not {LONG}", *_marked(group.name)]
    else:
        chosen = ["-m", " and ".join(f"not {marker}" for marker in (*MARKED, LONG))]
    if group.name in AT_ONCE:
        chosen += ["-n", "2", *AT_ONCE[group.name]]
    if group.name != "fuzz":
        chosen += ["-p", "no:schemathesis"]  # loading it takes longer than many a test
    command = [sys.executable, "-m", "pytest", "-q", *chosen, f"--junitxml={report}", *arguments]
    outcome = _judged(group, run_command(command, group.budget * HANGING_FACTOR), report)
    for line in take_told():
        print(f"  {line}", flush=True)
    return outcome


def _marked(marker: str) -> list[str]:
    """The files in which a marker stands: collecting all the others takes longer than many a test."""
    files = (ROOT / "tests").rglob("test_*.py")
    return sorted(str(one) for one in files if f"pytest.mark.{marker}" in one.read_text(encoding="utf-8"))


def run_frontend(group: Group, _arguments: Sequence[str]) -> Outcome:
    """The front end's unit tests."""
    report = RESULTS / f"{group.name}.xml"
    reporters = ["--reporter=default", "--reporter=junit", f"--outputFile.junit={report}"]
    command = _npm("test", "--silent", "--", *reporters)
    return _judged(group, run_command(command, group.budget * HANGING_FACTOR), report)


def _judged(group: Group, code: int, report: Path) -> Outcome:
    """The report's counts; whatever ended badly without a failed test counts as one."""
    outcome = _counted(report)
    if code == NO_TESTS_COLLECTED or (code == 0 and outcome.passed + outcome.failed + outcome.skipped == 0):
        print(f"{group.name}: 0 tests{', which is not expected' if group.expected else ''}", flush=True)
        outcome.failed += int(group.expected)
    elif code != 0 and outcome.failed == 0:
        outcome.failed = 1
    return outcome


def _counted(report: Path) -> Outcome:
    """Tests by result from a JUnit file; nothing if there is none."""
    outcome = Outcome()
    if report.is_file():
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                outcome.failed += 1
            elif case.find("skipped") is not None:
                outcome.skipped += 1
            else:
                outcome.passed += 1
    return outcome


GROUPS = (
    Group("static", 40, run_static, needs_servers=False),
    Group("rest", 260, run_pytest),
    Group("frontend", 30, run_frontend, needs_servers=False),
    Group("chaos", 90, run_pytest),
    Group("browser", 120, run_pytest),
    Group("fuzz", 90, run_pytest),
)


def main() -> int:
    """Run the groups; 0 only if nothing failed within the total time."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    names = [group.name for group in GROUPS]
    parser.add_argument(
        "--only", action="append", choices=names, help="run this group only (may be repeated)"
    )
    parser.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    options = parser.parse_args()
    chosen = [group for group in GROUPS if not options.only or group.name in options.only]
    _listen_for_stop()
    RESULTS.mkdir(exist_ok=True)
    for old in RESULTS.glob("*.xml"):
        old.unlink()
    take_told()
    for name in DROPPED:
        os.environ.pop(name, None)
    servers = EmbeddedServers.scratch() if any(group.needs_servers for group in chosen) else None
    try:
        _set_up(servers, chosen)
        outcomes = {group: _run(group, options.pytest) for group in chosen}
    except ServersFault as fault:
        print(f"{PREFIX}{fault}", file=sys.stderr)
        return 1
    finally:
        if servers is not None:
            servers.stop()
    return _tell(outcomes)


def _listen_for_stop() -> None:
    def ask(_number: int, _frame: FrameType | None) -> NoReturn:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        sys.exit(130)  # the commands and servers are stopped on the way out

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)


def _set_up(servers: EmbeddedServers | None, chosen: Sequence[Group]) -> None:
    """What belongs to installation rather than to testing: the browser; then the servers."""
    began = time.monotonic()
    if any(group.name == "browser" for group in chosen):
        subprocess.run([ROOT / "scripts" / "browser.sh"], check=True)
    if servers is not None:
        servers.start()
        os.environ["TEST_DATABASE_URL"] = servers.database_url()
        os.environ["TEST_REDIS_URL"] = servers.redis_url
    print(f"  {time.monotonic() - began:6.1f} s  准备 · set up", flush=True)


def _run(group: Group, arguments: Sequence[str]) -> Outcome:
    print(f"\n== {group.name} (budget {group.budget:.0f} s)", flush=True)
    began = time.monotonic()
    outcome = group.run(group, arguments)
    outcome.seconds = time.monotonic() - began
    return outcome


def _tell(outcomes: dict[Group, Outcome]) -> int:
    """Print the shares and the totals; the exit code."""
    total = Outcome()
    print(f"\n  {'group':<10} {'seconds':>8} {'budget':>7} {'passed':>7} {'failed':>7} {'skipped':>8}")
    for group, one in outcomes.items():
        total.add(one)
        late = "  over its budget 超出预算" if one.seconds > group.budget else ""
        print(
            f"  {group.name:<10} {one.seconds:>8.1f} {group.budget:>7.0f} {one.passed:>7} {one.failed:>7}"
            f" {one.skipped:>8}{late}"
        )
    print(f"  {'total':<10} {total.seconds:>8.1f} {TOTAL_SECONDS_MAX:>7.0f}")
    # Told, not failed: how long it took says as much of the machine's other work as of the tests.
    if total.seconds > TOTAL_SECONDS_MAX:
        print(f"超时 testing took longer than its {TOTAL_SECONDS_MAX:.0f} s in all: make it shorter")
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    print(f"\n{total.passed} passed, {total.failed} failed{skipped}", flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
