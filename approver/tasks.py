"""Starts asyncio tasks that are named, kept alive and heard when they fail."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)
_alive: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
    """Run `work` on the running loop. The loop keeps only weak references to tasks; this keeps a strong one."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _alive.add(task)
    task.add_done_callback(_finished)
    return task


def _finished(task: asyncio.Task[Any]) -> None:
    _alive.discard(task)
    if not task.cancelled() and (fault := task.exception()) is not None:
        log.error("task %s failed", task.get_name(), exc_info=fault)
