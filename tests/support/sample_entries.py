"""Journal entries for tests, and a journal that holds some."""

from pathlib import Path
from typing import Any

from still_time import NOON, StillTime

from approver.journal.writer import Journal
from approver.model import Entry, EntryKind


def entry(kind: EntryKind = EntryKind.DECISION, call: str = "c1", **more: Any) -> Entry:
    """A row as the gate makes them."""
    usual: dict[str, Any] = {
        "at": NOON,
        "session": "s1",
        "client": "Tester",
        "grant": "local",
        "server": "files",
        "tool": "write",
        "arguments": '{"path":"/tmp/x"}',
        "digest": "d" * 64,
        "outcome": {"asked": "asked", "pending": "pending", "outcome": "ok"}.get(kind.value, "allowed"),
        "by": "policy",
    }
    return Entry(kind=kind, call=call, **{**usual, **more})


def notice(message: str = "Approver started.", **more: Any) -> Entry:
    """A row about Approver itself."""
    return Entry(**{"at": NOON, "kind": EntryKind.NOTICE, "outcome": "started", "message": message, **more})


def write(path: Path, *entries: Entry) -> None:
    """Write entries into the journal at `path`, begun if it is not there, and close it."""
    journal = Journal(path, StillTime())
    for one in entries:
        journal.append(one)
    journal.close()
