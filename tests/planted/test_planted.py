"""Every planted fault fits the code as it is; two of them, others each day, are planted and must be caught."""

from datetime import UTC, datetime

import pytest

from tests.planted.copy import ROOT, copied, fit, judge
from tests.planted.faults import FAULTS, Fault

PLANTED = 2
QUICK = tuple(fault for fault in FAULTS if fault.quick)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_fits_the_code_as_it_is(fault: Fault) -> None:
    changed = fit(fault, ROOT)
    assert len(changed) >= 1
    assert all((ROOT / test.partition("::")[0]).exists() for test in fault.tests)


def test_there_are_faults_of_every_kind_that_was_thought_of() -> None:
    assert len(FAULTS) >= 12
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert len(QUICK) >= 4


@pytest.mark.chaos
def test_the_faults_of_the_day_are_caught() -> None:
    day = datetime.now(UTC).toordinal()
    chosen = [QUICK[(day * PLANTED + number) % len(QUICK)] for number in range(PLANTED)]
    with copied() as home:
        verdicts = [judge(fault, home) for fault in chosen]
    assert [(v.fault.name, v.problem) for v in verdicts if not v.caught] == []
