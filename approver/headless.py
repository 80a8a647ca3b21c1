"""`approver serve`: the whole product without a window."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

from approver.desktop.lock import AlreadyRunning
from approver.desktop.paths import Paths, PathsUnusable
from approver.engine import Engine
from approver.first_run.watching import WatchingUnreadable, end_watching
from approver.journal.writer import JournalUnwritable

_COLLECT_AFTER = (20_000, 20, 50)
"""Objects, and rounds, after which the collector looks: calls leave no cycles behind."""

StartFault = (AlreadyRunning, PathsUnusable, JournalUnwritable)
"""What can keep an engine from starting; each says why in a sentence."""


def run_loop(work: Coroutine[Any, Any, int]) -> int:
    """Run `work` on the fastest loop there is here."""
    if sys.platform == "win32":
        import winloop as fast
    else:
        import uvloop as fast
    return int(fast.run(work))


async def serve(paths: Paths, *, ready: Callable[[Engine], None] = lambda engine: None) -> int:
    """Run an engine until it is told to stop (SIGTERM, SIGINT, `approver quit`); returns the exit status."""
    _end_watching(paths)
    engine = Engine(paths)
    stopping = asyncio.Event()
    engine.on_quit = stopping.set
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        if sys.platform != "win32":
            loop.add_signal_handler(number, stopping.set)
    await engine.start()
    _spare_what_stays()
    try:
        ready(engine)
        await stopping.wait()
    finally:
        await engine.stop()
    return 0


def _end_watching(paths: Paths) -> None:
    """Put the asking rules in force of servers whose week of watching is over."""
    try:
        end_watching(paths, date.today())
    except (WatchingUnreadable, OSError) as fault:
        sys.stderr.write(f"approver: {fault}\n")


def _spare_what_stays() -> None:
    """Keep the garbage collector from walking over all modules again and again while calls pass."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


def run(paths: Paths) -> int:
    """`serve`, with its faults told on stderr; returns the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return run_loop(serve(paths))
    except StartFault as fault:
        sys.stderr.write(f"approver: {fault}\n")
        return 1
