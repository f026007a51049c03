"""A hash that several tests share."""

import pytest

from app.identity.passwords import Passwords
from tests.identity.test_routes_session import PASSWORD


@pytest.fixture(scope="session")
async def hashed() -> str:
    """The stored form of the tests' password."""
    return await Passwords(memory_kib=64, passes=1).hash(PASSWORD)
