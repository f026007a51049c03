"""`found`: the exchange that runs a market, with its first manager. Nobody can register himself as the exchange."""

import asyncio
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.db.session import Database
from app.embedded import ServersFault
from app.identity.actions import found_exchange
from app.kit.errors import Refusal


def command(
    name: Annotated[str, typer.Option(help="机构名称 · name of the exchange")],
    uscc: Annotated[str, typer.Option(help="统一社会信用代码 · its unified social credit code")],
    region: Annotated[str, typer.Option(help="行政区划代码 · its region, six digits")],
    login: Annotated[str, typer.Option(help="首位管理员登录名 · login of its first manager")],
    person: Annotated[str, typer.Option(help="首位管理员姓名 · name of its first manager")],
) -> None:
    """设立交易机构(DATABASE_URL),打印首位管理员的邀请 · set up the exchange and print its manager's invitation.

    管理员用邀请设置密码，再任命运营、结算等人员 · he sets a password with it and appoints the staff.
    """
    try:
        invitation = asyncio.run(_found(Settings(), name, uscc, region, login, person))
    except Refusal as refusal:
        raise ServersFault(refusal.detail_zh, refusal.detail_en) from None
    except (OSError, SQLAlchemyError) as error:
        raise ServersFault(
            "数据库不可用，请检查 DATABASE_URL 并先执行 migrate",
            f"the database cannot be used, check DATABASE_URL and run migrate first: {type(error).__name__}",
        ) from None
    print("已设立 · founded")
    print(f"邀请 invitation: {invitation}")
    print("有效期 7 天，使用一次 · good for 7 days, used once: POST /v1/invitations/acceptance")


async def _found(settings: Settings, *given: str) -> str:
    name, uscc, region, login, person = given
    database = Database(settings.asyncpg_url, pool_size=1)
    try:
        async with database.transaction() as session:
            made = await found_exchange(
                session, name=name, uscc=uscc, region_code=region, login=login, person_name=person
            )
    finally:
        await database.dispose()
    assert made.invitation is not None
    return made.invitation
