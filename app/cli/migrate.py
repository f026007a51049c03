"""`migrate`: the database's tables, brought up to this version of the program."""

from typing import Annotated

import typer

from app.config import Settings
from app.db.migrate import upgrade
from app.embedded import ServersFault


def command(
    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox",
            help="新库建为沙箱，时钟可拨快 · a new database becomes a sandbox, whose clock can be moved",
        ),
    ] = False,
    days_back: Annotated[
        int,
        typer.Option(
            min=0,
            max=3_650,
            help="沙箱时钟从多少天前起 · how many days ago a new sandbox's clock begins (demo needs 100)",
        ),
    ] = 0,
) -> None:
    """建立或升级数据表(DATABASE_URL)· create or upgrade the tables in DATABASE_URL."""
    try:
        upgrade(Settings().database_url, sandbox=sandbox, days_back=days_back)
    except OSError as error:
        raise ServersFault(
            f"连接不上数据库，请检查 DATABASE_URL:{error}",
            f"cannot reach the database, check DATABASE_URL: {error}",
        ) from None
