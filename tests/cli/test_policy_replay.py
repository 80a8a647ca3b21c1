"""The command `approver policy replay`: which recorded calls a draft would decide otherwise."""

import argparse
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_entries import entry, write
from still_time import NOON

from approver.cli import policy

Run = Callable[..., tuple[int, str, str]]
DRAFT = {
    "version": "1",
    "default": "deny",
    "tools": {
        "read": {},
        "write": {"deny_if": [{"conditions": [{"path": "args.to", "op": "regex", "value": "^/etc"}]}]},
    },
}


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, approver_home: Path
) -> Run:
    """Run the command in a folder with a draft; gives its status and what it printed."""
    monkeypatch.chdir(tmp_path)
    Path("draft.json").write_text(json.dumps(DRAFT), encoding="utf-8")

    def run_command(*words: str, piped: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
        parser = argparse.ArgumentParser()
        policy.add_arguments(parser)
        status = policy.run(parser.parse_args(["replay", *words]))
        return (status, *capsys.readouterr())

    return run_command


@pytest.fixture
def log(approver_home: Path) -> None:
    """A morning of calls."""
    (approver_home / "data").mkdir()
    write(
        approver_home / "data" / "journal.db",
        entry(call="1", at=NOON, tool="read"),
        entry(call="2", at=NOON + 1, tool="write", arguments='{"to":"/etc/x\\u202e"}'),
        entry(call="3", at=NOON + 2, tool="write", arguments='{"to":"••• (4 characters hidden)"}'),
        entry(call="4", at=NOON + 3, tool="push\u202e", grant="ci"),
        entry(call="5", at=NOON + 4, tool="push", server="git"),
        entry(call="6", at=NOON + 5, tool="read", outcome="denied_by_policy", rule="(panic)"),
    )


def test_each_call_that_would_change_is_told_and_the_undecidable_too(run: Run, log: None) -> None:
    status, out, err = run("files", "draft.json")
    lines = out.splitlines()
    assert (status, err) == (0, "")
    assert 'write  allow -> deny  /tools/write/deny_if/args.to-regex  {"to":"/etc/x\\u202e"}' in lines[0]
    assert "write  allow -> ? (allow or deny)  {" in lines[1]
    assert "push⟨U+202E⟩  allow -> deny  (default deny)" in lines[2]
    assert lines[3:] == [
        "2 of 4 recorded calls would change.",
        "1 cannot be told: a rule looks at what the log does not keep (secrets, very long arguments).",
    ]


def test_programs_read_objects(run: Run, log: None) -> None:
    status, out, _ = run("files", "-", "--json", piped=json.dumps(DRAFT).encode())
    told = json.loads(out)
    assert (status, told["replayed"], told["skipped"]) == (0, 4, 1)
    assert [(call["call"], call["before"], call["after"]) for call in told["calls"]] == [
        ("2", "allow", ["deny"]),
        ("3", "allow", ["allow", "deny"]),
        ("4", "allow", ["deny"]),
    ]


def test_only_calls_since_a_time_are_judged(run: Run, log: None) -> None:
    assert run("files", "draft.json", "--since", "2090-01-01")[1] == (
        'The log has no calls to "files" that its policy judges.\n'
    )
    assert "2 of 4" in run("files", "draft.json", "--since", "2020-01-01")[1]


def test_calls_of_a_grant_with_another_policy_are_left_out(run: Run, log: None, approver_home: Path) -> None:
    (approver_home / "config").mkdir()
    grants = [{"name": "ci", "server": "files", "policy": "strict"}]
    (approver_home / "config" / "grants.json").write_text(json.dumps(grants), encoding="utf-8")
    assert "1 of 3 recorded calls would change." in run("files", "draft.json")[1]


def test_a_long_call_is_cut(run: Run, approver_home: Path) -> None:
    (approver_home / "data").mkdir()
    write(approver_home / "data" / "journal.db", entry(tool="x", arguments=json.dumps({"text": "y" * 500})))
    out = run("files", "draft.json")[1]
    assert "yyy…\n1 of 1 recorded call would change.\n" in out


def test_an_invalid_draft_ends_with_1_and_its_mistakes(run: Run) -> None:
    status, out, err = run("files", "-", piped=b"{}")
    assert (status, out) == (1, "")
    assert err.startswith("- is not a valid policy:\n  line 1, column 1: ")


def test_what_cannot_be_read_ends_with_2(run: Run) -> None:
    assert run("files", "none.json") == (2, "", "none.json cannot be read: No such file or directory.\n")
    status, _, err = run("files", "draft.json")
    assert status == 2
    assert err.startswith("There is no log at ")
