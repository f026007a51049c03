"""`worker`: jobs, timers and the relay of events, in one process."""

import asyncio

from app.config import Settings
from app.worker import work


def command() -> None:
    """运行后台任务:定时、事件、作业(需要 DATABASE_URL)· run jobs, timers and the relay (needs DATABASE_URL)."""
    asyncio.run(work(Settings()))
