"""Calls that were being asked about when an engine ended without a word: their rows go in, their endings come out.

An engine that is closed ends every question itself. One that is killed cannot; the next one says what became of them,
so that nothing stays open in the log for ever: nobody can answer any more, and nothing was run.
"""

from dataclasses import replace
from pathlib import Path

from approver.clock import Clock
from approver.journal.reader import JournalUnreadable, Reader
from approver.journal.records import CallRecord, Filters
from approver.model import Entry, EntryKind, Outcome

MESSAGE = "Approver ended unexpectedly while this call waited for an answer. Nothing was run."
_MOST = 10_000


def unfinished(path: Path, clock: Clock) -> list[Entry]:
    """The decisions that are missing in the journal at `path`, to be written by whoever opens it next."""
    if not path.exists():
        return []
    try:
        with Reader(path, clock=clock) as reader:
            pending = reader.calls(Filters(outcomes=(Outcome.PENDING.value,)), _MOST)
    except JournalUnreadable:
        return []  # whoever opens it for writing says why
    return [_ending(record, clock.now()) for record in pending if record.kind is EntryKind.ASKED]


def _ending(record: CallRecord, now: float) -> Entry:
    asked = Entry(record.at, EntryKind.DECISION, record.id, record.session, record.client, record.grant, record.server)
    return replace(
        asked,
        at=now,
        tool=record.tool,
        arguments=record.arguments,
        digest=record.digest,
        rule=record.rule,
        outcome=Outcome.SHUT_DOWN.value,
        message=MESSAGE,
        by="crash",
        waited=None,
    )
