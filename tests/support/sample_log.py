"""A small log as a working day leaves it, for the windows that show it."""

from pathlib import Path
from typing import Any

from sample_entries import entry, notice, write
from still_time import NOON

from approver.model import Entry, EntryKind

SECRET_PATH = "/home/ana/.ssh/config"


def day(calls: int = 0) -> list[Entry]:
    """Some calls of every kind, the newest last, after `calls` plain ones."""
    plain = [
        entry(call=f"p{number}", at=NOON - 7200 + number * 0.001, tool="read", server="files")
        for number in range(calls)
    ]
    return [
        *plain,
        notice(at=NOON - 3600),
        entry(call="a1", at=NOON - 3000, tool="read_file", arguments='{"path":"/tmp/a"}'),
        _outcome("a1", NOON - 3000, latency=0.002),
        entry(EntryKind.ASKED, call="a2", at=NOON - 2000, tool="write_file", rule="/tools/write_file"),
        notice("Everything is denied until resumed, by window.", at=NOON - 1999, outcome="panic"),
        entry(
            call="a2", at=NOON - 1994, tool="write_file", rule="/tools/write_file", outcome="denied_by_user",
            by="window", waited=6.2, message="Not there.", client="Cursor", shown="e" * 64,
            arguments=f'{{"path":"{SECRET_PATH}","content":"Host *\\n\\u202e"}}',
        ),
        entry(call="a3", at=NOON - 1000, tool="push", server="git", outcome="denied_by_policy", rule="/tools/push"),
        entry(call="a4", at=NOON - 500, tool="push", server="git", outcome="expired", by="time", waited=60.0),
        entry(EntryKind.ASKED, call="a5", at=NOON - 5, tool="status", server="git"),
    ]  # fmt: skip


def write_day(path: Path, calls: int = 0) -> None:
    """Put it into the journal at `path`."""
    write(path, *day(calls))


def _outcome(call: str, at: float, **more: Any) -> Entry:
    return entry(EntryKind.OUTCOME, call=call, at=at, tool="read_file", **more)
