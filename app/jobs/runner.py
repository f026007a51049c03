"""Running jobs: the library's worker with our names, failures held for a person rather than thrown away."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.domain.models import Job

from app.jobs.port import JobContext, JobFunction

DEQUEUE_SECONDS = 2
HEARTBEAT_SECONDS = 6
APPLICATION_NAME = "jishi jobs"
"""What the server knows a worker's connection for jobs by."""


def _register(queue: PgQueuer, name: str, function: JobFunction, context: JobContext) -> None:
    @queue.entrypoint(name, on_failure="hold", executor_factory=DatabaseRetryEntrypointExecutor)
    async def run(job: Job) -> None:
        await function(context, json.loads(job.payload or b"{}"))


async def run_jobs(context: JobContext, jobs: Mapping[str, JobFunction], stopping: asyncio.Event) -> None:
    """Run jobs until asked to stop."""
    connection = await asyncpg.connect(
        context.settings.database_url, timeout=5, server_settings={"application_name": APPLICATION_NAME}
    )
    queue = PgQueuer.from_asyncpg_connection(connection)
    for name, function in jobs.items():
        _register(queue, name, function, context)
    stopper = asyncio.create_task(_stop(queue, stopping))
    try:
        await queue.run(
            dequeue_timeout=timedelta(seconds=DEQUEUE_SECONDS),
            heartbeat_timeout=timedelta(seconds=HEARTBEAT_SECONDS),
        )
    finally:
        stopper.cancel()
        await connection.close(timeout=2)


async def _stop(queue: PgQueuer, stopping: asyncio.Event) -> None:
    await stopping.wait()
    queue.shutdown.set()
