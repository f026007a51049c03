"""A copy of the tree with a fault in it, and the tests run against it. The working tree is never touched."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.planted.faults import Fault
from tests.servers import READY

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("app", "tests", "migrations", "openapi", "docs", "pyproject.toml")
SECONDS_MAX = 240
FAILED = 1
"""What pytest answers where tests failed, and for no other reason."""


class Unfit(Exception):
    """The text that a fault replaces is not there, or not there once."""


@dataclass(frozen=True)
class Verdict:
    """What became of one fault."""

    fault: Fault
    caught_by: str
    """The first test that went red; empty where none did."""
    seconds: float
    problem: str = ""
    """Why the fault could not be judged."""

    @property
    def caught(self) -> bool:
        """Whether a test noticed."""
        return bool(self.caught_by) and not self.problem


def fit(fault: Fault, root: Path) -> dict[Path, str]:
    """The files that the fault changes, with their new text. Raises `Unfit`."""
    changed: dict[Path, str] = {}
    for edit in fault.edits:
        path = root / edit.path
        text = changed.get(path) or (path.read_text(encoding="utf-8") if path.is_file() else "")
        if text.count(edit.old) != 1:
            raise Unfit(f"{edit.path}: {text.count(edit.old)} times: {edit.old.strip().splitlines()[0]}")
        changed[path] = text.replace(edit.old, edit.new)
    return changed


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of what the tests need."""
    with tempfile.TemporaryDirectory(prefix="jishi-planted-") as made:
        home = Path(made)
        left_out = shutil.ignore_patterns("__pycache__", ".pytest_cache", "node_modules", "dist")
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, home / name, ignore=left_out)
            elif source.is_file():
                shutil.copy2(source, home / name)
        yield home


def judge(fault: Fault, home: Path) -> Verdict:
    """Plant the fault in the copy, run its tests, and take it out again."""
    began = time.monotonic()
    try:
        changed = fit(fault, home)
    except Unfit as unfit:
        return Verdict(fault, "", 0.0, f"does not fit the code any more: {unfit}")
    whole = {path: path.read_text(encoding="utf-8") for path in changed}
    try:
        for path, text in changed.items():
            path.write_text(text, encoding="utf-8")
        code, said = _tests(fault, home)
    finally:
        for path, text in whole.items():
            path.write_text(text, encoding="utf-8")
    took = round(time.monotonic() - began, 1)
    red = [line.split(" ")[1] for line in said.splitlines() if line.startswith("FAILED ")]
    if code == 0:
        return Verdict(fault, "", took)
    if code != FAILED or not red:
        return Verdict(fault, "", took, f"the tests ended with {code}: {said.strip()[-400:]}")
    return Verdict(fault, red[0], took)


def _tests(fault: Fault, home: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:schemathesis", "-p", "no:cacheprovider"]
    command += ["-p", "no:randomly", "--no-header", "-rf", "--tb=no", *fault.tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(home), READY: "1"}
    try:
        done = subprocess.run(
            command,
            cwd=home,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 124, f"not ended after {SECONDS_MAX} s"
    return done.returncode, done.stdout + done.stderr
