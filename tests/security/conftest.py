"""One world a module."""

import pytest

from app.db.session import Database
from tests.security.world import World, make_world


@pytest.fixture(scope="module")
async def world(database: Database) -> World:
    """A market in full swing."""
    async with database.transaction() as session:
        return await make_world(session)
