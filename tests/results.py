"""What runs leave in `test-results/`: figures as JSON, and lines that `make test` prints under its group."""

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "test-results"
TOLD = ".told"


def tell(name: str, line: str) -> None:
    """Leave one line to be read after the group's tests, whichever process ran the one that says it."""
    print(line)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}{TOLD}").write_text(line + "\n", encoding="utf-8")


def take_told() -> list[str]:
    """The lines that were left since this was last asked, and forget them."""
    found = sorted(RESULTS.glob(f"*{TOLD}"))
    lines = [line for path in found for line in path.read_text(encoding="utf-8").splitlines()]
    for path in found:
        path.unlink()
    return lines


def write(name: str, body: dict[str, Any]) -> None:
    """Leave figures for machines."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    (RESULTS / name).write_text(text, encoding="utf-8")


def commit() -> str:
    """The commit that is run, for the results."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
