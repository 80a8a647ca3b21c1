"""Puts a planned change into a client's file: in one step, with a backup beside it, and only if the file is unchanged.

a file's text before and after ──still as it was?──> backup ──> new file in its place ──> what to undo later
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from approver.clients.planning import FilePlan

_MOST_BACKUPS = 1000


class ChangeRefused(Exception):
    """The file was not changed; the message says why and what to do."""


def put_in_place(plan: FilePlan, today: date) -> Path:
    """Change the file; returns the backup's path. Raises `ChangeRefused`, and then nothing has changed."""
    path = plan.file.path
    with _told(path):
        _refuse_if_changed(path, plan.before)
        backup = _backed_up(path, plan.before, today)
        try:
            _replaced(path, plan.before, plan.after)
        except BaseException:
            backup.unlink(missing_ok=True)
            raise
    return backup


def put_back(path: Path, before: bytes, after: bytes) -> None:
    """Change the file without a backup: undoing what has one. Raises `ChangeRefused`."""
    with _told(path):
        _replaced(path, before, after)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise ChangeRefused(f"{path} was not changed: {fault.strerror or fault}.") from fault


def _refuse_if_changed(path: Path, expected: bytes) -> None:
    try:
        now = path.read_bytes()
    except FileNotFoundError:
        raise ChangeRefused(f"{path} was not changed: it is not there any more.") from None
    if now != expected:
        raise ChangeRefused(
            f"{path} was not changed: somebody else changed it meanwhile. Look at the change once more."
        )


def _backed_up(path: Path, data: bytes, today: date) -> Path:
    mode = stat.S_IMODE(path.stat().st_mode)
    for number in range(1, _MOST_BACKUPS):
        suffix = f".approver-{today.isoformat()}" + (f"-{number}" if number > 1 else "")
        backup = path.with_name(path.name + suffix)
        try:
            descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        return backup
    raise ChangeRefused(f"{path} was not changed: there are too many backups beside it. Remove some.")


def _replaced(path: Path, expected: bytes, data: bytes) -> None:
    """Put a new file in the place of the old one; a link stays, and its target is replaced."""
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        _refuse_if_changed(path, expected)  # once more: as late as it can be
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
