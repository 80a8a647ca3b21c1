"""One engine for each set of folders: whoever holds the lock on `run/engine.lock` is it.

The lock belongs to the open file, so the system drops it however the engine ends, and a file left behind means nothing.
The holder's process id stands in the file for others to name; it is only believed while the lock is held.
"""

import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE = 4096
    """Windows bars others from reading what is locked, so what is locked lies beyond the process id."""

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


_ATTEMPTS = 20
_PAUSE = 0.005
"""Seconds between attempts: `holder` of another process takes the lock for a moment to see whether it is free."""


class AlreadyRunning(Exception):
    """Another engine holds the lock."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(f"Approver is already running{f' (process {pid})' if pid else ''}.")
        self.pid = pid


class EngineLock:
    """The lock of one engine; held from `acquire` to `release` or to the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock and write our process id into it. Raises `AlreadyRunning`."""
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE)
            descriptor = _open_locked(self._path)
            if descriptor is not None:
                os.ftruncate(descriptor, 0)
                os.write(descriptor, str(os.getpid()).encode())
                self._descriptor = descriptor
                return
        raise AlreadyRunning(_written_pid(self._path))

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two engines lock two files of one name."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def holder(path: Path) -> int | None:
    """Tell the process id of the engine that runs, or None if none does (0 if it has not yet written its id)."""
    if not path.exists():
        return None
    descriptor = _open_locked(path)
    if descriptor is None:
        return _written_pid(path) or 0
    os.close(descriptor)
    return None


def _open_locked(path: Path) -> int | None:
    """Open the file and lock it; None if another holds it, or if it was replaced while we did."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if _try_lock(descriptor) and _is_still_at(descriptor, path):
        return descriptor
    os.close(descriptor)
    return None


def _is_still_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _written_pid(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
