"""What a server says beside the protocol: its stderr, stray lines of its stdout, and when it came and went.

Lines come in as bytes and go to one file a server, each with its time and where it came from; of a file that has grown
large two older ones are kept. Nothing here may fail or hold up the loop: a line that cannot be written is lost.
"""

import os
import time
from pathlib import Path

LARGEST_FILE = 1024 * 1024
KEPT_FILES = 3
LONGEST_LINE = 8192
"""Bytes; the rest of a line is left out."""

_CONTROLS = {code: 0x2400 + code for code in range(32) if code != 9} | {0x7F: 0x2421}
"""Control characters become their pictures: the file is read in terminals, and a server may write what it likes."""


class ServerLog:
    """The log of one server, shared by all processes of it that one engine runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._size = 0

    def write(self, source: str, line: bytes) -> None:
        """Append one line; `source` is `stderr`, `stdout` or `approver`."""
        self.write_lines(source, [line])

    def write_lines(self, source: str, lines: list[bytes]) -> None:
        """Append lines that came together."""
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}Z {source}: "
        text = "".join(f"{stamp}{readable(line)}\n" for line in lines)
        try:
            self._append(text.encode("utf-8", "replace"))
        except OSError:  # a full disk must not stop the server's calls, which have a journal of their own
            self.close()

    def close(self) -> None:
        """Close the file; the next line opens it again."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _append(self, data: bytes) -> None:
        if self._descriptor is not None and self._size + len(data) > LARGEST_FILE:
            self.close()
            self._rotate()
        if self._descriptor is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            self._size = os.fstat(self._descriptor).st_size
        self._size += os.write(self._descriptor, data)

    def _rotate(self) -> None:
        for age in range(KEPT_FILES - 1, 0, -1):
            younger = self._older(age - 1)
            if younger.exists():
                younger.replace(self._older(age))

    def _older(self, age: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{age}") if age else self._path


class ServerLogs:
    """Every server's log, each made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logs: dict[str, ServerLog] = {}

    def of(self, server: str) -> ServerLog:
        """The log of the server with this name."""
        if server not in self._logs:
            self._logs[server] = ServerLog(self._folder / f"{server}.log")
        return self._logs[server]

    def close(self) -> None:
        """Close them all."""
        for one in self._logs.values():
            one.close()


def readable(line: bytes) -> str:
    """One line as text that is safe to print."""
    text = line[:LONGEST_LINE].decode("utf-8", "replace").rstrip("\r\n").translate(_CONTROLS)
    return text if len(line) <= LONGEST_LINE else f"{text}… (+{len(line) - LONGEST_LINE} bytes)"
