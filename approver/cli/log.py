"""`approver log`: what was decided. `list` shows it, `verify` checks that nobody changed it, `export` writes it out.

Reads the journal's file, whether the app runs or not. What people read has hostile text made visible and times as on
their clock; what programs read is exact, with times in UTC.
"""

import argparse
import shutil
import sys
import tempfile
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from approver.desktop.paths import Paths
from approver.journal.chain import Head
from approver.journal.edited_calls import edit_in
from approver.journal.export import as_object, csv_lines, jsonl, to_json
from approver.journal.reader import JournalUnreadable, Reader
from approver.journal.records import CallRecord, Filters
from approver.journal.verify import VerifyResult, verify
from approver.model import Outcome
from approver.secrets import anchor_for
from approver.visible import make_visible

DEFAULT_LIMIT = 50
GROUPS = {"denied": (Outcome.DENIED_BY_POLICY.value, Outcome.DENIED_BY_USER.value)}
"""Words for several outcomes at once."""
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

_COLUMNS: tuple[tuple[str, int], ...] = (
    ("TIME", 19),
    ("CLIENT", 20),
    ("SERVER", 20),
    ("TOOL", 28),
    ("OUTCOME", 16),
    ("RULE", 36),
    ("BY", 28),
    ("RESULT", 20),
    ("ARGUMENTS", 60),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes; without a further word it is `list`."""
    _add_filters(parser, None)
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    commands = parser.add_subparsers(dest="what", title="what to do", metavar="{list,notices,verify,export}")
    listing = commands.add_parser("list", help="show calls, the newest first (what a bare `approver log` does)")
    _add_filters(listing, argparse.SUPPRESS)
    listing.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print a list of objects")
    noticing = commands.add_parser("notices", help="show what concerns Approver itself: start, stop, panic, faults")
    noticing.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print a list of objects")
    noticing.add_argument(
        "--limit", type=_positive, metavar="NUMBER", default=argparse.SUPPRESS, help="at most so many"
    )
    verifying = commands.add_parser("verify", help="check that nothing was changed, removed or put in")
    verifying.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print an object")
    export = commands.add_parser("export", help="write calls out for other programs")
    _add_filters(export, argparse.SUPPRESS)
    export.add_argument("--format", choices=("jsonl", "csv"), required=True, help="JSON Lines, or CSV for spreadsheets")
    export.add_argument("--output", type=Path, metavar="FILE", help="the file to write; replaced if it is there")


def _add_filters(parser: argparse.ArgumentParser, default: Any) -> None:
    """The filters. Below a further word they must not undo what stands before it, so absent ones leave no trace."""
    moment = "a date, a date and time, a time of today, today, yesterday, or so long ago: 90s, 15m, 2h, 7d"
    options: tuple[tuple[str, Any, str, str], ...] = (
        ("--since", _moment, "WHEN", f"not before: {moment}"),
        ("--until", _moment, "WHEN", "before: the same"),
        ("--client", str, "NAME", "of this client"),
        ("--server", str, "NAME", "to this server"),
        ("--grant", str, "NAME", "under this grant"),
        ("--tool", str, "NAME", "of this tool"),
        ("--rule", str, "RULE", "judged by this rule"),
        ("--search", str, "TEXT", "with this text in names, arguments, rule or message"),
        ("--limit", _positive, "NUMBER", f"at most so many (list: {DEFAULT_LIMIT}; export: all)"),
        ("--before", _positive, "SEQ", "older than the row of this number"),
    )
    for name, kind, metavar, text in options:
        parser.add_argument(name, type=kind, metavar=metavar, help=text, default=default)
    outcomes = ", ".join([*(outcome.value for outcome in Outcome), *GROUPS])
    parser.add_argument(
        "--outcome",
        type=_outcomes,
        action="append",
        metavar="OUTCOME",
        help=f"{outcomes}; may be repeated",
        default=default,
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked. 1: the log was changed. 2: it cannot be read, or the file not be written."""
    paths = Paths.from_environment()
    commands = {"notices": _notices, "verify": _verify, "export": _export}
    try:
        return commands.get(arguments.what, _list)(arguments, paths)
    except JournalUnreadable as fault:
        sys.stderr.write(f"approver log: {make_visible(str(fault))}\n")
        return 2


# -- notices -----------------------------------------------------------------------------------------------------------


def _notices(arguments: argparse.Namespace, paths: Paths) -> int:
    with Reader(paths.journal) as reader:
        rows = reader.notices(arguments.limit or DEFAULT_LIMIT)
    if arguments.json:
        moments = [datetime.fromtimestamp(row.entry.at, UTC).isoformat(timespec="milliseconds") for row in rows]
        found = [
            {"seq": row.seq, "at": at.replace("+00:00", "Z"), "notice": row.entry.outcome, "message": row.entry.message}
            for row, at in zip(rows, moments, strict=True)
        ]
        sys.stdout.write(to_json(found) + "\n")
        return 0
    for row in rows:
        at = datetime.fromtimestamp(row.entry.at).strftime("%Y-%m-%d %H:%M:%S")
        sys.stdout.write(f"{at}  {make_visible(row.entry.outcome):10} {make_visible(row.entry.message)}\n")
    return 0


# -- list --------------------------------------------------------------------------------------------------------------


def _list(arguments: argparse.Namespace, paths: Paths) -> int:
    limit = arguments.limit or DEFAULT_LIMIT
    with Reader(paths.journal) as reader:
        records = reader.calls(_filters(arguments), limit, arguments.before)
    if arguments.json:
        sys.stdout.write(to_json([as_object(record) for record in records], indent=2) + "\n")
    elif not records:
        sys.stdout.write("No such calls.\n")
    else:
        sys.stdout.write(_table(records))
        if len(records) == limit:
            sys.stdout.write(f"\nThere may be older ones: --before {records[-1].seq}\n")
    return 0


def _filters(arguments: argparse.Namespace) -> Filters:
    return Filters(
        since=arguments.since,
        until=arguments.until,
        client=arguments.client,
        grant=arguments.grant,
        server=arguments.server,
        tool=arguments.tool,
        rule=arguments.rule,
        outcomes=tuple(outcome for group in arguments.outcome or () for outcome in group),
        search=arguments.search or "",
    )


def _table(records: Sequence[CallRecord]) -> str:
    rows = [[name for name, _ in _COLUMNS], *(_cells(record) for record in records)]
    rows = [[_cut(cell, most) for cell, (_, most) in zip(row, _COLUMNS, strict=True)] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    padded = ([cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)] for row in rows)
    longest = shutil.get_terminal_size().columns if sys.stdout.isatty() else sum(widths) + 2 * len(widths)
    return "".join(_cut("  ".join(cells).rstrip(), longest) + "\n" for cells in padded)


def _cells(record: CallRecord) -> list[str]:
    waited = f" after {_duration(record.waited)}" if record.waited is not None else ""
    edited = ", edited" if edit_in(record.detail) is not None else ""
    took = f" in {_duration(record.latency)}" if record.latency is not None else ""
    texts = (
        _local_time(record.at),
        record.client,
        record.server,
        record.tool,
        record.outcome.replace("_", " "),
        record.rule,
        f"{record.by}{edited}{waited}",
        f"{(record.result or '').replace('_', ' ')}{took}",
        record.arguments,
    )
    return [make_visible(text) for text in texts]


def _local_time(at: float) -> str:
    try:
        return datetime.fromtimestamp(at).isoformat(" ", "seconds")
    except (ValueError, OverflowError, OSError):  # a time that no clock tells: somebody changed the row
        return f"{at:.0f} s"


def _duration(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.0f} min"


def _cut(text: str, most: int) -> str:
    """The text in at most so many columns, with a mark where it goes on."""
    head = text[: 4 * most]  # a heap of combining characters is cut as well
    if head == text and _width(text) <= most:
        return text
    return head[: bisect_right(list(accumulate(map(_width, head))), most - 1)] + "…"


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


# -- verify ------------------------------------------------------------------------------------------------------------


def _verify(arguments: argparse.Namespace, paths: Paths) -> int:
    anchor = anchor_for(paths.journal, Head).load()  # first: the journal goes on meanwhile
    result = verify(paths.journal, anchor)
    if arguments.json:
        sys.stdout.write(to_json(_verify_object(result), indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{make_visible(line)}\n" for line in _verify_lines(result)))
    return 0 if result.is_whole else 1


def _verify_object(result: VerifyResult) -> dict[str, Any]:
    return {
        "whole": result.is_whole,
        "rows": result.rows,
        "first_bad_row": result.first_bad_row,
        "problems": [{"row": problem.row, "what": problem.what} for problem in result.problems],
        "head": result.head._asdict(),
        "anchor": result.anchor._asdict() if result.anchor is not None else None,
    }


def _verify_lines(result: VerifyResult) -> Iterable[str]:
    if not result.is_whole:
        yield f"The log was changed. The first bad row is {result.first_bad_row}."
        yield from (problem.what for problem in result.problems)
    elif result.rows:
        yield f"The log is whole: {result.rows:,} rows, each chained to the one before."
    else:
        yield "The log is empty."
    yield from _about_the_end(result)


def _about_the_end(result: VerifyResult) -> Iterable[str]:
    if result.anchor is None:
        yield (
            "There is no anchor in the keyring, so the end of the log cannot be proven: rows cut off from it would not "
            "be noticed."
        )
    elif result.is_whole:
        yield f"The anchor in the keyring vouches for the rows up to {result.anchor.seq:,}."
        if result.beyond_anchor:
            yield (
                f"The {result.beyond_anchor:,} after it are chained, but newer than the anchor. That is so while "
                "Approver runs, and after it ended without warning; what was cut off behind them would not be noticed."
            )


# -- export ------------------------------------------------------------------------------------------------------------


def _export(arguments: argparse.Namespace, paths: Paths) -> int:
    with Reader(paths.journal) as reader, reader.snapshot():
        records = reader.every_call(_filters(arguments), arguments.limit, arguments.before)
        lines = jsonl(records) if arguments.format == "jsonl" else csv_lines(records)
        if arguments.output is None:
            sys.stdout.writelines(lines)
            return 0
        try:
            count = _write_file(arguments.output, lines)
        except OSError as fault:
            reason = fault.strerror or str(fault)
            sys.stderr.write(f"approver log: {arguments.output} cannot be written: {reason}. Choose another file.\n")
            return 2
    calls = count - 1 if arguments.format == "csv" else count
    sys.stdout.write(f"Wrote {calls:,} call{'' if calls == 1 else 's'} to {arguments.output}.\n")
    return 0


def _write_file(path: Path, lines: Iterable[str]) -> int:
    """Write a file that only its owner may read, whole or not at all; the number of lines."""
    count = 0
    with ExitStack() as on_failure:
        options: dict[str, Any] = {"encoding": "utf-8", "newline": "", "dir": path.parent, "delete": False}
        with tempfile.NamedTemporaryFile("w", **options) as file:
            on_failure.callback(Path(file.name).unlink)
            for line in lines:
                file.write(line)
                count += 1
        Path(file.name).replace(path)
        on_failure.pop_all()
    return count


# -- words on the command line -----------------------------------------------------------------------------------------


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**63:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def _outcomes(text: str) -> tuple[str, ...]:
    word = text.lower().replace("-", "_").replace(" ", "_")
    if word in GROUPS:
        return GROUPS[word]
    if word not in {outcome.value for outcome in Outcome}:
        known = ", ".join([*(outcome.value for outcome in Outcome), *GROUPS])
        raise argparse.ArgumentTypeError(f"there is no outcome {text!r}. There are: {known}")
    return (word,)


def _moment(text: str) -> float:
    return moment(text, datetime.now())


def moment(text: str, now: datetime) -> float:
    """What a time on the command line means, in seconds since the epoch; without a zone it is local."""
    word = text.strip().lower()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if word in ("today", "yesterday"):
        return (midnight - timedelta(days=word == "yesterday")).timestamp()
    try:
        if word[-1:] in UNITS and word[:-1].isdecimal():
            return (now - timedelta(**{UNITS[word[-1]]: int(word[:-1])})).timestamp()
        if len(word) in (5, 8) and word[2] == ":":
            word = f"{midnight:%Y-%m-%d}T{word}"
        return datetime.fromisoformat(word.upper()).timestamp()
    except (ValueError, OverflowError, OSError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time. Write 2026-11-22, 2026-11-22T14:30, 14:30, today, yesterday, 90s, 15m, 2h or 7d"
        ) from None
