"""Somebody who imports."""

import httpx
import pytest

from app.config import Settings
from app.db.session import Database
from tests.factories.identity import Member
from tests.factories.listings import make_officer
from tests.listings.office import Importing


@pytest.fixture
async def officer(database: Database) -> Member:
    async with database.transaction() as session:
        return await make_officer(session)


@pytest.fixture
def importing(
    client: httpx.AsyncClient, database: Database, settings: Settings, officer: Member
) -> Importing:
    return Importing(client, database, settings, officer)
