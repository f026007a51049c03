"""`import-calendar YEAR FILE`: enters a year's days off and worked weekend days, as the government's notice has them."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.calendar.actions import decide_year
from app.calendar.schemas import CalendarYearIn
from app.config import Settings
from app.db.clock import Clock
from app.db.session import Database
from app.embedded import ServersFault
from app.kit.errors import Refusal


def command(
    year: Annotated[int, typer.Argument(help="年度 · the year")],
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help='JSON: {"days_off": [...], "days_worked": [...], "source": "国办发明电〔2026〕7号"}',
        ),
    ],
) -> None:
    """导入一年的放假和调休安排(DATABASE_URL) · import a year's decision; provisional dates are counted again."""
    try:
        asked = CalendarYearIn.model_validate_json(
            json.dumps({**json.loads(file.read_text(encoding="utf-8")), "year": year})
        )
        new = asyncio.run(_decided(Settings(), asked))
    except (ValidationError, ValueError, TypeError) as error:
        raise ServersFault(f"文件格式有误：{file.name}", f"the file does not fit: {error}") from None
    except Refusal as refusal:
        days = "、".join(refusal.data.get("days", []))
        raise ServersFault(f"{refusal.detail_zh} {days}".rstrip(), refusal.detail_en) from None
    except (OSError, SQLAlchemyError) as error:
        raise ServersFault(
            "数据库不可用，请检查 DATABASE_URL 并先执行 migrate",
            f"the database cannot be used, check DATABASE_URL and run migrate first: {type(error).__name__}",
        ) from None
    print(f"{year}: {new} 日 days")


async def _decided(settings: Settings, asked: CalendarYearIn) -> int:
    database = Database(settings.asyncpg_url, pool_size=1)
    try:
        async with database.transaction() as session:
            return await decide_year(
                session,
                Clock(),
                year=asked.year,
                days_off=asked.days_off,
                days_worked=asked.days_worked,
                source=asked.source,
                entered_by=None,
            )
    finally:
        await database.dispose()
