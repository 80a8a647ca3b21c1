"""Which processes a test left behind: every child inherits a mark in its environment, and /proc is searched for it.

Linux only, like the tests that use it.
"""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

MARK = "APPROVER_TEST_MARK"


@dataclass(frozen=True, slots=True)
class Process:
    """One living process, as /proc shows it."""

    pid: int
    parent: int
    command: str


def marked(mark: str, *, running: str = "") -> list[Process]:
    """List the living processes that carry the mark and whose command line holds `running`, but for this one."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if wanted not in (entry / "environ").read_bytes().split(b"\0"):
                continue
            stat = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:  # it ended meanwhile
            continue
        if stat[0] != "Z" and running in command:
            found.append(Process(int(entry.name), int(stat[1]), command))
    return found


def kill(pid: int) -> None:
    """End a process as the kernel does when memory runs out: without a word."""
    os.kill(pid, signal.SIGKILL)


def resident_mib(pid: int) -> float:
    """Return how much memory a process has in RAM, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
