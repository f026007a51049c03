"""`rotate`: retires the key that signs receipts and records, and makes another."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.db.session import Database
from app.embedded import ServersFault
from app.kit.errors import Refusal
from app.signing.keyring import Keyring


def command() -> None:
    """更换签名密钥(DATABASE_URL),旧公钥永久公布 · retire the signing key, make a new one; old public keys stay."""
    try:
        made = asyncio.run(_rotated(Settings()))
    except Refusal as refusal:
        raise ServersFault(refusal.detail_zh, refusal.detail_en) from None
    except (OSError, SQLAlchemyError) as error:
        raise ServersFault(
            "数据库不可用，请检查 DATABASE_URL 并先执行 migrate",
            f"the database cannot be used, check DATABASE_URL and run migrate first: {type(error).__name__}",
        ) from None
    print(f"新密钥 new key: {made}")


async def _rotated(settings: Settings) -> str:
    database = Database(settings.asyncpg_url, pool_size=1)
    try:
        async with database.transaction() as session:
            return await Keyring.of(settings).rotate(session)
    finally:
        await database.dispose()
