"""Tasks are named, kept alive, and heard when they fail."""

import asyncio
import gc
import logging

import pytest

from approver import tasks
from approver.tasks import spawn

pytestmark = pytest.mark.anyio


async def test_a_task_has_its_name_and_gives_its_result() -> None:
    async def work() -> int:
        return 7

    task = spawn(work(), name="count to seven")
    assert task.get_name() == "count to seven"
    async with asyncio.timeout(5):
        assert await task == 7


async def test_a_task_that_nobody_holds_is_not_lost() -> None:
    go_on, done = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        done.set()

    spawn(work(), name="held by nobody")
    await asyncio.sleep(0)
    gc.collect()
    go_on.set()
    async with asyncio.timeout(5):
        await done.wait()
    await asyncio.sleep(0)
    assert not [task for task in tasks._alive if task.get_name() == "held by nobody"]


async def test_a_task_that_fails_says_so_in_the_log(caplog) -> None:
    async def work() -> None:
        raise ValueError("a fault of its own")

    task = spawn(work(), name="doomed")
    async with asyncio.timeout(5):
        await asyncio.wait([task])
    await asyncio.sleep(0)
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.getMessage() == "task doomed failed"
    assert "a fault of its own" in caplog.text


async def test_a_task_that_is_cancelled_is_no_failure(caplog) -> None:
    task = spawn(asyncio.Event().wait(), name="waiting for ever")
    await asyncio.sleep(0)
    task.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([task])
    await asyncio.sleep(0)
    assert task.cancelled()
    assert caplog.records == []
    assert task not in tasks._alive
