"""`python -m tests.planted` (what `make planted` runs): every planted fault must be caught.

Names of faults as arguments run these alone. The tests run on servers of their own.
"""

import os
import sys
from datetime import UTC, datetime

from app.embedded import EmbeddedServers
from tests.planted.copy import Verdict, copied, judge
from tests.planted.faults import FAULTS
from tests.results import commit, write
from tests.servers import prepare


def main() -> int:
    """Plant each fault; 0 only if every one was caught."""
    chosen = [fault for fault in FAULTS if not sys.argv[1:] or fault.name in sys.argv[1:]]
    print(f"埋设的错误 · planted faults: {len(chosen)}", flush=True)
    verdicts = []
    with EmbeddedServers.scratch() as servers, copied() as home:
        os.environ["TEST_DATABASE_URL"] = servers.database_url()
        os.environ["TEST_REDIS_URL"] = servers.redis_url
        prepare()
        for fault in chosen:
            verdict = judge(fault, home)
            verdicts.append(verdict)
            _tell(verdict)
    _write(verdicts)
    missed = [verdict.fault.name for verdict in verdicts if not verdict.caught]
    print(
        f"{len(verdicts) - len(missed)} of {len(verdicts)} caught"
        + (f", not: {', '.join(missed)}" if missed else "")
    )
    return 1 if missed else 0


def _tell(verdict: Verdict) -> None:
    by = verdict.caught_by.split("::")[-1] if verdict.caught else f"NOT CAUGHT {verdict.problem}"
    print(f"  {verdict.seconds:>6.1f} s  {verdict.fault.name:<34} {by}", flush=True)


def _write(verdicts: list[Verdict]) -> None:
    body = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "caught": sum(verdict.caught for verdict in verdicts),
        "planted": len(verdicts),
        "faults": [
            {
                "name": verdict.fault.name,
                "what": verdict.fault.what,
                "caught_by": verdict.caught_by,
                "seconds": verdict.seconds,
                "problem": verdict.problem,
            }
            for verdict in verdicts
        ],
    }
    write("planted.json", body)


if __name__ == "__main__":
    sys.exit(main())
