"""Migrations, run by command and by tests, never by a serving process."""

import logging

from alembic import command
from alembic.config import Config

from app.config import ROOT


def _configuration(database_url: str, *, sandbox: bool, days_back: int = 0) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes.update(database_url=database_url, sandbox=sandbox, days_back=days_back)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return config


def upgrade(database_url: str, *, sandbox: bool = False, days_back: int = 0, revision: str = "head") -> None:
    """Bring a database up to a revision.

    sandbox: counts only for a new database, whose kind never changes.
    days_back: how many days ago a new sandbox's clock begins, so that a history can be played up to today.
    """
    command.upgrade(_configuration(database_url, sandbox=sandbox, days_back=days_back), revision)


def downgrade(database_url: str, revision: str) -> None:
    """Take a database down to a revision (`base` empties it)."""
    command.downgrade(_configuration(database_url, sandbox=False), revision)


def check(database_url: str) -> None:
    """Raise unless the tables in the database equal the tables in the code."""
    command.check(_configuration(database_url, sandbox=False))
