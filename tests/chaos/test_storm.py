"""One seed of `make chaos`: a short storm over real processes, and everything that is checked after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.cluster import Engines
from tests.chaos.storm import storm
from tests.results import tell

pytestmark = pytest.mark.chaos

SEED = 2760
"""Among this seed's first faults are a killed server, a killed PostgreSQL, and answers that are lost on either side."""
SECONDS = 6.0


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    with Engines() as made:
        yield made


async def test_a_storm_loses_no_bid_and_what_everybody_saw_has_an_order(
    engines: Engines, tmp_path: Path
) -> None:
    result = await storm(engines, SEED, SECONDS, tmp_path / "storm")
    print(result.plain())
    tell("storm", result.line())
    assert result.violations == []
    assert (result.lost, result.histories) == (0, 1)
    assert result.faults.total() >= 2
    assert result.acknowledged >= 1
    assert result.stored >= result.acknowledged
