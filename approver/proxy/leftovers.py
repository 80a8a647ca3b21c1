"""Ends servers that a dead engine left behind, if their supervisors died with it.

Each running server has a note in `run/servers/`: its process, when that started, and a mark that everything it started
carries in its environment. An engine that starts, alone by its lock, ends whatever the notes still lead to. A process
is only ended if its start time or the mark says that it is the one: process ids are used again.
"""

import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger(__name__)

MARK = "APPROVER_UPSTREAM"
"""The variable that holds the mark."""
FOLDER = "servers"


def remember(run_folder: Path, pid: int, mark: str) -> Path:
    """Write the note of a server that has started; remove the file when it has ended."""
    note = run_folder / FOLDER / f"{mark}.json"
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note.write_text(json.dumps({"pid": pid, "started": _started(pid)}), encoding="utf-8")
    return note


def sweep_leftovers(run_folder: Path) -> int:
    """End what earlier engines left; return how many processes that were."""
    notes = sorted((run_folder / FOLDER).glob("*.json"))
    doomed = set(_marked({note.stem for note in notes})) if notes else set()
    for note in notes:
        doomed.update(_leader(note))
        note.unlink(missing_ok=True)
    for pid in doomed:
        _kill(pid)
    if doomed:
        log.warning("ended %d processes that servers of an earlier run had left behind", len(doomed))
    return len(doomed)


def _marked(marks: set[str]) -> Iterator[int]:
    """Every process that carries one of the marks. Linux shows a process's environment to its own user."""
    wanted = {f"{MARK}={mark}".encode() for mark in marks}
    for folder in Path("/proc").iterdir() if sys.platform == "linux" else ():
        if folder.name.isdigit():
            try:
                carried = (folder / "environ").read_bytes().split(b"\0")
            except OSError:  # another user's, or it ended meanwhile
                continue
            if not wanted.isdisjoint(carried):
                yield int(folder.name)


def _leader(note: Path) -> Iterator[int]:
    """The server itself, which may have written over its environment; its start time tells that it is still it."""
    try:
        written = json.loads(note.read_text(encoding="utf-8"))
        pid, started = int(written["pid"]), written["started"]
    except (OSError, ValueError, TypeError, KeyError):
        return
    if started is not None and _started(pid) == started:
        yield pid


def _started(pid: int) -> int | None:
    """When a process started, in the kernel's ticks; None where that is not to be known."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19])
    except (OSError, IndexError):
        return None


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
