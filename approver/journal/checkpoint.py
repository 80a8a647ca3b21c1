"""Moves what was flushed from the write-ahead log into the database, in a thread, so that the writer need not wait.

The writer says how much it wrote; the thread, with a connection of its own, copies it over now and then. Copying needs
the disk to be synchronised, and so does the first row of a write-ahead log that begins anew: the thread does both. Only
where the log has grown large and writing never pauses does it hold the writer up, for as long as a few pages take.
"""

import contextlib
import logging
import sqlite3
import threading
from pathlib import Path

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0
_IDLE_SECONDS = 30.0
_DUE_ROWS = 1000
_PASSES = 3
_LARGE_FRAMES = 16_384
"""64 MB: larger than that, the write-ahead log makes reading slow."""
_NEARLY_DONE_FRAMES = 8_000


class Checkpoints:
    """The thread and what it knows."""

    def __init__(self, path: Path, *, pause: float = _PAUSE_SECONDS) -> None:
        self._path = path
        self._pause = pause
        self._file = _identity(path)
        self._rows = 0
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._complained = False
        self.problem: str | None = None
        """Why nothing may be written any more."""
        self.writing = threading.Lock()
        """Held by the writer while it writes, so that the thread finds a gap even if writing never pauses."""
        self._thread = threading.Thread(target=self._run, name="journal checkpoints", daemon=True)
        self._thread.start()

    def written(self, rows: int) -> None:
        """Note that rows were flushed. Costs next to nothing."""
        self._rows += rows
        if not self._woken.is_set():
            self._woken.set()

    def close(self) -> None:
        """End the thread. What it did not copy is copied when the last connection closes."""
        self._stopping.set()
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            while True:
                idle = not self._woken.wait(_IDLE_SECONDS if self._rows else None)
                if self._stopping.is_set():
                    return
                self._woken.clear()
                if _identity(self._path) != self._file:
                    self.problem = f"{self._path} was moved or removed while Approver wrote to it. Restart Approver."
                left = 0
                if idle or self._rows >= _DUE_ROWS:
                    self._rows = 0
                    left = self.copy(connection)
                self._stopping.wait(self._pause if left < _LARGE_FRAMES else self._pause / 20)
        finally:
            connection.close()

    def copy(self, connection: sqlite3.Connection) -> int:
        """Copy what can be copied without holding up the writer; the frames that the log has left."""
        left = 0
        try:
            left = self._copy(connection)
            self._complained = False
        except sqlite3.Error as fault:
            if not self._complained:
                log.warning("the journal's write-ahead log cannot be copied into the database: %s", fault)
            self._complained = True
        return left

    def _copy(self, connection: sqlite3.Connection) -> int:
        for _ in range(_PASSES):  # each takes less time than the one before, and so leaves less behind
            _, frames, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if frames < _LARGE_FRAMES:
                break
        else:
            if frames - copied > _NEARLY_DONE_FRAMES:  # somebody reads, and needs what would be left behind
                return int(frames)
            with self.writing:
                connection.execute("PRAGMA wal_checkpoint(RESTART)")
        _begin_anew(connection)
        return 0


def _begin_anew(connection: sqlite3.Connection) -> None:
    """Write something: whoever is first in a new write-ahead log waits for the disk; that should not be the writer."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    with contextlib.suppress(sqlite3.OperationalError):  # the writer is writing, and so was first
        connection.execute(f"PRAGMA user_version = {version}")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
