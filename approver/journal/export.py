"""Writes calls out for other programs: records in, lines of text out.

JSON Lines is exact: one object a line, the same as `approver log --json` prints, characters that cannot be seen written
as escapes. CSV is for spreadsheets, and so for eyes: such characters are shown as marks, and a cell that a spreadsheet
would take for a formula has an apostrophe in front.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from approver.differences import ABSENT, look_up, pointer
from approver.journal.edited_calls import MEMBER, edit_in
from approver.journal.records import CallRecord
from approver.visible import escape_json, make_visible

FIELDS = (
    *("id", "seq", "at", "client", "grant", "server", "tool", "arguments", "digest", "rule", "outcome", "message"),
    *("by", "waited", "shown", "latency", "result", "session", "state", "edited", "detail"),
)
_MAY_BE_TOO_DEEP = 200
"""Brackets that a text may have without a look at whether it can be written again."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_object(record: CallRecord) -> dict[str, Any]:
    """A record as JSON has it; the members are `FIELDS`."""
    return {
        "id": record.id,
        "seq": record.seq,
        "at": timestamp(record.at),
        "client": record.client,
        "grant": record.grant,
        "server": record.server,
        "tool": record.tool,
        "arguments": _arguments(record.arguments),
        "digest": record.digest,
        "rule": record.rule,
        "outcome": record.outcome,
        "message": record.message,
        "by": record.by,
        "waited": record.waited,
        "shown": record.shown,
        "latency": record.latency,
        "result": record.result,
        "session": record.session,
        "state": record.kind.value,
        "edited": _edited(record),
        "detail": other_detail(record.detail),
    }


def _edited(record: CallRecord) -> dict[str, Any] | None:
    """What was sent in place of what was asked, and where they differ; a side that has nothing there has no member."""
    edit = edit_in(record.detail)
    if edit is None or not isinstance(_parsed(record.detail), dict):
        return None
    asked = _arguments(record.arguments)
    changes = []
    for path in edit.paths(asked):
        sides = {"before": look_up(asked, path), "after": look_up(edit.arguments, path)}
        changes.append({"path": pointer(path), **{side: value for side, value in sides.items() if value is not ABSENT}})
    return {"arguments": edit.arguments, "digest": edit.digest, "by": edit.by, "changes": changes}


def other_detail(text: str) -> Any:
    """What the detail tells beside an edit."""
    value = _parsed(text)
    if not isinstance(value, dict) or edit_in(text) is None:
        return value
    return {key: member for key, member in value.items() if key != MEMBER} or None


def timestamp(at: float) -> str:
    """Seconds since the epoch as ISO 8601, UTC, with milliseconds."""
    try:
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):  # a time that no clock tells: somebody changed the row
        return f"{at} s"


def to_json(value: Any, indent: int | None = None) -> str:
    """JSON in which everything that is there can be seen."""
    return escape_json(json.dumps(value, ensure_ascii=False, indent=indent))


def jsonl(records: Iterable[CallRecord]) -> Iterator[str]:
    """A line for each record."""
    for record in records:
        yield to_json(as_object(record)) + "\n"


def csv_lines(records: Iterable[CallRecord]) -> Iterator[str]:
    """A line of names, and a line for each record."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(FIELDS)
    yield line.getvalue()
    for record in records:
        line.seek(0)
        line.truncate()
        writer.writerow([_cell(value) for value in as_object(record).values()])
        yield line.getvalue()


def _cell(value: Any) -> str | int | float | None:
    if value is None or isinstance(value, int | float):
        return value
    text = make_visible(value) if isinstance(value, str) else to_json(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _arguments(text: str) -> dict[str, Any]:
    """Arguments as the object that they are; what is none, which nobody writes, under a name that says so."""
    value = _parsed(text)
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"(not an object)": value}


def _parsed(text: str) -> Any:
    if not text:
        return None
    try:
        value = json.loads(text)
        if text.count("{") + text.count("[") > _MAY_BE_TOO_DEEP:
            json.dumps({"within": [value]})
    except (ValueError, RecursionError):
        return text
    return value
