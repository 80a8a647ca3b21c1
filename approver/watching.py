"""Watches `config/`, so that an edit applies to the next call.

The system tells of changes at once; every few seconds the files are looked at all the same, because it tells nothing
of files behind links or on network drives, nor of a folder that was replaced by another. Changes come in, the
configuration is refreshed in a thread, and `changed` is called on the loop that runs `watch`.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from watchfiles import Change, awatch
from watchfiles.main import FileChange

from approver.configuration import Configuration, Snapshot

log = logging.getLogger(__name__)

_QUIET_MILLISECONDS = 40
"""An editor's save is several changes (a new file, a rename); they are looked at together, once this long is quiet."""
_LONGEST_MILLISECONDS = 200
"""But no later than this after the first."""
_LOOK_MILLISECONDS = 2000
"""How often the files are looked at unasked."""
_ABSENT_SECONDS = 0.2
"""How often a folder that is gone is looked for."""


async def watch(folder: Path, configuration: Configuration, changed: Callable[[Snapshot], None]) -> None:
    """Refresh the configuration when its folder changes and call `changed` with each new state, until cancelled."""
    reader = _Reader(configuration, changed)
    while True:
        await reader.look()
        watched = _identity(folder)
        if watched is None:
            await asyncio.sleep(_ABSENT_SECONDS)
            continue
        try:
            await _follow(folder, watched, reader)
        except OSError as fault:  # the folder went away as we looked, or the system has no watches left
            log.warning("%s cannot be watched (%s); looking again", folder, fault)
            await asyncio.sleep(_ABSENT_SECONDS)


class _Reader:
    """Reads the files and tells what is new since it last told: somebody else may have refreshed in between."""

    def __init__(self, configuration: Configuration, changed: Callable[[Snapshot], None]) -> None:
        self._configuration = configuration
        self._changed = changed
        self._told = configuration.snapshot

    async def look(self) -> None:
        await asyncio.to_thread(self._configuration.refresh)
        found, told = self._configuration.snapshot, self._told
        if found != told:
            self._told = found
            for problem in sorted(set(found.problems) - set(told.problems)):
                log.warning("%s", problem)
            self._changed(found)


async def _follow(folder: Path, watched: tuple[int, int], reader: _Reader) -> None:
    """Follow one folder for as long as it stands at its path."""
    told = awatch(
        folder,
        watch_filter=None,
        step=_QUIET_MILLISECONDS,
        debounce=_LONGEST_MILLISECONDS,
        rust_timeout=_LOOK_MILLISECONDS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    coming = asyncio.ensure_future(_next(told))
    try:
        await asyncio.sleep(0)  # its first step lays the watch; what was edited before that is read now
        await reader.look()
        # A folder that goes away while the watch is laid on it is watched by nobody, and nobody says so.
        while _identity(folder) == watched and (Change.deleted, str(folder)) not in await coming:
            await reader.look()
            coming = asyncio.ensure_future(_next(told))
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await told.aclose()


async def _next(told: AsyncGenerator[set[FileChange], None]) -> set[FileChange]:
    return await anext(told)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder stands at the path. A new one may get the number of one that was deleted, but that was told."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
