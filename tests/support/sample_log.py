"""A small log as a working day leaves it, for the windows that show it."""

import random
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


def write_busy_day(path: Path) -> None:
    """A day with some hundred calls of every kind, for pictures."""
    chance = random.Random(7)
    entries: list[Entry] = []
    for minutes in range(24 * 60, 0, -1):
        at = NOON - minutes * 60
        if chance.random() < 0.1 + 0.6 * abs((minutes / 60 % 12) / 12 - 0.5):
            entries += _chance_call(chance, f"b{minutes}", at)
    write(path, *sorted([*entries, *day()], key=lambda one: one.at))


def _chance_call(chance: random.Random, call: str, at: float) -> list[Entry]:
    server, tool = chance.choice(
        (("files", "read_file"), ("files", "write_file"), ("git", "git_push"), ("wiki", "search"))
    )
    outcome, rule, by = chance.choice(
        [("allowed", "", "policy")] * 9
        + [("approved", "/tools/write_file", "window"), ("approved", "/tools/git_push", "window")]
        + [("denied_by_policy", "/tools/git_push/deny_if/0", "policy"), ("denied_by_user", "/all_tools", "window")]
        + [("expired", "/all_tools", "time")]
    )
    waited = None if by == "policy" else chance.random() * 20
    client = chance.choice(("Claude Desktop", "Cursor"))
    decision = entry(
        call=call, at=at, client=client, server=server, tool=tool, outcome=outcome, rule=rule, by=by, waited=waited,
        arguments='{"path":"/home/ana/notes/plan.md","branch":"main"}',
    )  # fmt: skip
    if outcome not in ("allowed", "approved"):
        return [decision]
    return [decision, entry(EntryKind.OUTCOME, call=call, at=at, server=server, tool=tool, latency=chance.random() / 3)]


def _outcome(call: str, at: float, **more: Any) -> Entry:
    return entry(EntryKind.OUTCOME, call=call, at=at, tool="read_file", **more)
