"""`worker`: jobs, timers and the relay of events, in one process."""

import asyncio
import signal

from uvicorn.loops.auto import auto_loop_factory

from app.cli.collector import spare_collector
from app.config import Settings
from app.logs import configure_logs
from app.worker import work


def command() -> None:
    """运行后台任务：定时、事件、作业(需要 DATABASE_URL)· run jobs, timers and the relay (needs DATABASE_URL)."""
    settings = Settings()
    configure_logs(settings.log_level)
    spare_collector()
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_work(settings))


async def _work(settings: Settings) -> None:
    """Work until SIGINT or SIGTERM; handlers of our own, since a parent may have SIGINT ignored."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await work(settings, stopping)
