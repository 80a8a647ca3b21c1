"""What an engine left open when it ended without a word: the rows that are missing come out, to be written.

An engine that is closed ends every question itself and hears of every call. One that is killed cannot; the next one
says what became of them, so that nothing stays open in the log for ever. Of a call that was held: nobody can answer any
more, and nothing was run. Of a call that had gone to its server: how it ended is not known, and the log says just that.
And if it was denying everything, the next one goes on with it.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from approver.clock import Clock
from approver.journal.reader import JournalUnreadable, Reader
from approver.journal.records import CallRecord, Filters
from approver.model import Entry, EntryKind, Outcome, Result

MESSAGE = "Approver ended unexpectedly while this call waited for an answer. Nothing was run."
UNKNOWN = "Approver ended unexpectedly while this call was with its server. What became of it is not known."
STARTED, STOPPED = "started", "stopped"
"""The notices between which a run of the engine lies."""
CRASH = "crash"
"""Who ended such a call, for the log."""
_MOST = 10_000
_STANDSTILL = ("panic", "paused", "resumed", STOPPED)
"""The notices of which the last one says whether everything was denied; who closes Approver ends that."""


class Left(NamedTuple):
    """How an engine that ended without a word has left things."""

    denies: bool = False
    """Whether it denied everything."""
    until: float | None = None
    """Until when that was to last; None: until resumed."""


def left(path: Path, clock: Clock) -> Left:
    """Whether the last engine denied everything when it ended, unless it was closed."""
    try:
        with Reader(path, clock=clock) as reader:
            last = reader.last_notice(_STANDSTILL)
        said = json.loads(last.detail or "{}") if last is not None else {}
    except (JournalUnreadable, ValueError):  # a row that somebody changed is for `approver log verify` to tell
        return Left()
    if not isinstance(said, dict):
        return Left()
    until = said.get("until")
    return Left(said.get("denies") is True, until if isinstance(until, int | float) else None)


def unfinished(path: Path, clock: Clock) -> list[Entry]:
    """The rows that are missing in the journal at `path`; ask once its tail is taken over, before a new run begins."""
    if not path.exists():
        return []
    try:
        with Reader(path, clock=clock) as reader:
            pending = reader.calls(Filters(outcomes=(Outcome.PENDING.value,)), _MOST)
            running = reader.without_outcome(STARTED, STOPPED)
    except JournalUnreadable:
        return []  # whoever opens it for writing says why
    now = clock.now()
    held = [_ending(record, now) for record in pending if record.kind is EntryKind.ASKED]
    return [*held, *(_outcome(row.entry, now) for row in running)]


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
        by=CRASH,
        waited=None,
    )


def _outcome(decision: Entry, now: float) -> Entry:
    return Entry(
        at=now,
        kind=EntryKind.OUTCOME,
        call=decision.call,
        session=decision.session,
        client=decision.client,
        grant=decision.grant,
        server=decision.server,
        tool=decision.tool,
        digest=decision.digest,
        rule=decision.rule,
        outcome=Result.UNKNOWN.value,
        message=UNKNOWN,
        by=CRASH,
    )
