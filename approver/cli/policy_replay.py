"""`approver policy replay`: what a draft of a policy would change, told from the calls that the log recorded.

The draft's file and the log go in; a line for each call that would be decided otherwise comes out. Nothing is changed.
"""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from approver.cli.log import moment
from approver.cli.saying import DONE, NO, WRONG, complain, say, say_json
from approver.configuration_edits import EditRefused, read_grants
from approver.desktop.paths import Paths
from approver.journal.reader import JournalUnreadable, Reader
from approver.journal.records import CallRecord, Filters
from approver.policy.document import PolicyInvalid, parse
from approver.policy.replay import Replay, Replayed, judged_by, replay

RECENT = 500
"""Calls that are looked at unless a time is given."""
_LONGEST_ARGUMENTS = 100


def add_arguments(actions: Any) -> None:
    """Say what the action takes."""
    what = "tell which recorded calls a policy would decide otherwise"
    parser = actions.add_parser("replay", help=what, description=what.capitalize() + ".")
    parser.add_argument("--json", action="store_true", help="print it for a program to read")
    parser.add_argument("server", metavar="SERVER")
    parser.add_argument("file", metavar="FILE", help="the draft's file, or - for what is piped in")
    since = f"every call since: a date, a time, today, yesterday, 2h, 7d (without it: the last {RECENT} calls)"
    parser.add_argument("--since", type=lambda text: moment(text, datetime.now()), metavar="WHEN", help=since)


def run(arguments: argparse.Namespace) -> int:
    """Replay. 1: the draft is not valid. 2: the draft or the log cannot be read."""
    paths = Paths.from_environment()
    try:
        raw = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
        draft = parse(raw)
        limit = RECENT if arguments.since is None else None
        filters = Filters(server=arguments.server, since=arguments.since)
        with Reader(paths.journal) as reader, reader.snapshot():
            records = list(reader.every_call(filters, limit))
        found = replay(judged_by(arguments.server, records, read_grants(paths)), draft)
    except PolicyInvalid as invalid:
        complain(f"{arguments.file} is not a valid policy:")
        for problem in invalid.problems:
            complain(f"  {problem}")
        return NO
    except OSError as fault:
        complain(f"{fault.filename or arguments.file} cannot be read: {fault.strerror or fault}.")
        return WRONG
    except (JournalUnreadable, EditRefused) as fault:
        complain(str(fault))
        return WRONG
    _tell(found, arguments)
    return DONE


def _tell(found: Replay[CallRecord], arguments: argparse.Namespace) -> None:
    if arguments.json:
        say_json({"replayed": len(found.calls), "skipped": found.skipped, "calls": [_object(c) for c in _told(found)]})
        return
    for call in _told(found):
        say(_line(call))
    if not found.calls:
        say(f'The log has no calls to "{arguments.server}" that its policy judges.')
        return
    changed, open_ones = len(found.changed), len(found.undecidable)
    say(f"{changed} of {len(found.calls)} recorded call{'' if len(found.calls) == 1 else 's'} would change.")
    if open_ones:
        say(f"{open_ones} cannot be told: a rule looks at what the log does not keep (secrets, very long arguments).")


def _told(found: Replay[CallRecord]) -> list[Replayed[CallRecord]]:
    return [call for call in found.calls if call.is_changed or not call.is_decidable]


def _line(call: Replayed[CallRecord]) -> str:
    record = call.record
    try:
        when = datetime.fromtimestamp(record.at).isoformat(" ", "seconds")
    except (ValueError, OverflowError, OSError):  # a time that no clock tells: somebody changed the row
        when = f"{record.at:.0f} s"
    after = call.after[0].value if call.is_decidable else "? (" + " or ".join(one.value for one in call.after) + ")"
    shown = record.arguments
    shown = shown if len(shown) <= _LONGEST_ARGUMENTS else shown[: _LONGEST_ARGUMENTS - 1] + "…"
    rule = f"  {call.rule}" if call.rule else ""
    return f"{when}  {record.tool}  {call.before.value} -> {after}{rule}  {shown}"


def _object(call: Replayed[CallRecord]) -> dict[str, Any]:
    record = call.record
    return {
        "call": record.id,
        "at": record.at,
        "tool": record.tool,
        "grant": record.grant,
        "arguments": record.arguments,
        "before": call.before.value,
        "after": [decision.value for decision in call.after],
        "rule": call.rule,
        "message": call.message,
    }
