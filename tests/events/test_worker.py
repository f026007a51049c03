"""The loops of a worker among themselves."""

import asyncio

from app.worker import Worker


async def test_handlers_let_sweeps_go_first_while_more_may_be_due(worker: Worker) -> None:
    await asyncio.wait_for(worker._give_way(5), 1)
    worker._sweeping.update(("auctions", "sessions"))
    waiting = asyncio.create_task(worker._give_way(5))
    await asyncio.sleep(0.05)
    worker._rest("auctions")
    await asyncio.sleep(0.05)
    assert not waiting.done()
    worker._rest("sessions")
    await asyncio.wait_for(waiting, 1)
