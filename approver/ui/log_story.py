"""All that the log knows of one call: a row in, a `Story` out, and its lines of text for the detail pane.

`tell` reads and is for the reader's thread; the rest is words.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from approver.approvals.edited import change_lines
from approver.approvals.outline import Line, outline, visible
from approver.journal.edited_calls import edit_in
from approver.journal.export import other_detail, to_json
from approver.journal.reader import Reader
from approver.journal.records import CallRecord, Filters, Row
from approver.model import EntryKind
from approver.ui.log_words import LogRow, by_words, length_words, outcome_words, result_words, row_of, time_words

MOST_ROWS = 200
_BETWEEN = 2
REMEMBERED = "remembered "


@dataclass(frozen=True, slots=True)
class Story:
    """A call in its newest state, how it got there, and what happened to Approver meanwhile."""

    row: LogRow
    record: CallRecord
    arguments: tuple[Line, ...]
    rows: tuple[Row, ...]
    """The call's rows, oldest first."""
    notices: tuple[Row, ...]
    """What Approver noted of itself between the first and the last of them."""


def tell(reader: Reader, row: LogRow) -> Story | None:
    """Read it. None where the row is no call's newest state any more."""
    found = reader.calls(Filters(), 1, before=row.seq + 1)
    if not found or found[0].seq != row.seq:
        return None
    record = found[0]
    rows = tuple(reversed(reader.entries(MOST_ROWS, call=record.id))) if record.id else ()
    notices: tuple[Row, ...] = ()
    if rows:
        recent = reader.notices(MOST_ROWS, before=rows[-1].seq)
        notices = tuple(reversed([notice for notice in recent if notice.seq > rows[0].seq]))
    return Story(row_of(record), record, _lines_of(record), rows, notices)


def arguments_of(record: CallRecord) -> dict[str, object] | None:
    """The recorded arguments; None where they cannot be had as an object."""
    try:
        value = json.loads(record.arguments) if record.arguments else {}
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def remembered_by(record: CallRecord) -> str:
    """The id of the remembered answer that decided the call; empty where none did."""
    return record.by.removeprefix(REMEMBERED) if record.by.startswith(REMEMBERED) else ""


def facts(story: Story, now: float) -> list[Line]:
    """What was decided, by whom, when, under which names."""
    record = story.record
    edit, other = edit_in(record.detail), other_detail(record.detail)
    pairs = [
        (QCoreApplication.translate("LogStory", "Outcome"), outcome_words(record.outcome)),
        (QCoreApplication.translate("LogStory", "Decided by"), _decider(story)),
        (QCoreApplication.translate("LogStory", "Rule"), record.rule),
        (QCoreApplication.translate("LogStory", "Message"), record.message),
        (QCoreApplication.translate("LogStory", "Server"), _result(record)),
        (QCoreApplication.translate("LogStory", "Time"), _exact_time(record.at)),
        (QCoreApplication.translate("LogStory", "Grant"), record.grant),
        (QCoreApplication.translate("LogStory", "Connection"), record.session),
        (QCoreApplication.translate("LogStory", "Call"), record.id),
        (QCoreApplication.translate("LogStory", "Call digest"), record.digest),
        (QCoreApplication.translate("LogStory", "Text shown"), record.shown),
        (QCoreApplication.translate("LogStory", "Digest of what was sent"), edit.digest if edit is not None else ""),
        (QCoreApplication.translate("LogStory", "Details"), to_json(other) if other is not None else ""),
    ]
    if story.rows:
        pairs.append((QCoreApplication.translate("LogStory", "Row digest"), story.rows[-1].chain))
    lines = _aligned([(label, value) for label, value in pairs if value])
    history = list(_history(story, now))
    if len(history) > 1:
        lines += [Line("", 0), *_aligned(history)]
    return lines


def headline(story: Story) -> str:
    """One sentence: what ran where, for whom."""
    record = story.record
    text = QCoreApplication.translate("LogStory", "{client} wanted to run {tool} on {server}")
    return text.format(
        client=story.row.client or QCoreApplication.translate("LogStory", "A client without a name"),
        tool=story.row.tool or "?",
        server=story.row.server or visible(record.server),
    )


def _decider(story: Story) -> str:
    who, waited = by_words(story.row), story.record.waited
    if edit_in(story.record.detail) is not None:
        who = QCoreApplication.translate("LogStory", "{who}, with edits").format(who=who)
    if waited is None:
        return who
    return QCoreApplication.translate("LogStory", "{who}, after {time}").format(who=who, time=length_words(waited))


def _result(record: CallRecord) -> str:
    words = result_words(record.result)
    if words and record.latency is not None:
        text = QCoreApplication.translate("LogStory", "{what} after {time}")
        return text.format(what=words, time=length_words(record.latency))
    return words


def _exact_time(at: float) -> str:
    if not 0 <= at < 2**40:
        return f"{at} s"
    then = QDateTime.fromMSecsSinceEpoch(int(at * 1000))
    day = QLocale().toString(then.date(), QLocale.FormatType.ShortFormat)
    return f"{day} {then.time().toString('HH:mm:ss.zzz')} ({then.toUTC().toString(Qt.DateFormat.ISODateWithMs)})"


def _history(story: Story, now: float) -> Iterator[tuple[str, str]]:
    """Each step with its time, Approver's own notices among them."""
    for row in sorted((*story.rows, *story.notices), key=lambda row: row.seq):
        entry = row.entry
        yield time_words(entry.at, now), _step(entry.kind, entry.outcome, entry.message)


def _step(kind: EntryKind, outcome: str, message: str) -> str:
    match kind:
        case EntryKind.ASKED if outcome == "repeated":
            return QCoreApplication.translate("LogStory", "the client repeated the call")
        case EntryKind.ASKED:
            return QCoreApplication.translate("LogStory", "the question was opened")
        case EntryKind.PENDING:
            return QCoreApplication.translate("LogStory", "the client was told that the call is pending")
        case EntryKind.OUTCOME:
            return result_words(outcome)
        case EntryKind.NOTICE:
            return QCoreApplication.translate("LogStory", "(Approver: {notice})").format(notice=message)
        case _:
            return outcome_words(outcome)


def _aligned(pairs: list[tuple[str, str]]) -> list[Line]:
    width = max(len(label) for label, _ in pairs) + _BETWEEN
    return [Line(f"{label.ljust(width)}{visible(value)}", width) for label, value in pairs]


def _lines_of(record: CallRecord) -> tuple[Line, ...]:
    """What was asked; of an edited call also what was changed of it, and what was sent."""
    asked, edit = _outlined(record.arguments), edit_in(record.detail)
    if edit is None:
        return asked
    before = arguments_of(record) or {}
    translate = QCoreApplication.translate
    changes = change_lines(before, edit.arguments, edit.paths(before), translate)
    return (
        *asked,
        Line("", 0),
        Line(translate("LogStory", "Changed before it was sent:"), 0),
        *changes,
        Line("", 0),
        Line(translate("LogStory", "Sent to the server:"), 0),
        *outline(edit.arguments, translate),
    )


def _outlined(arguments: str) -> tuple[Line, ...]:
    if not arguments:
        return ()
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return (Line(visible(arguments), 0),)
    return outline(value, QCoreApplication.translate) if isinstance(value, dict) else (Line(visible(arguments), 0),)
