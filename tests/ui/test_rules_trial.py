"""A draft tried on recorded calls, from the window."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sample_entries import entry, write
from still_time import NOON, StillTime

from approver.desktop.paths import Paths
from approver.policy.document import Policy, policy_from_object
from approver.ui.rules_trial import RulesTrial


def draft(**tools: object) -> Policy:
    return policy_from_object({"version": "1", "default": "deny", "tools": tools})


RULE = {"deny_if": [{"conditions": [{"path": "args.to", "op": "regex", "value": "^/etc"}]}]}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path)
    paths.create()
    return paths


@pytest.fixture
def log(paths: Paths) -> None:
    write(
        paths.journal,
        entry(call="1", at=NOON - 30, tool="read"),
        entry(call="2", at=NOON - 20, tool="write", arguments='{"to":"/etc/' + "x" * 200 + '"}'),
        entry(call="3", at=NOON - 10, tool="write", arguments='{"to":"••• (4 characters hidden)"}'),
        entry(call="4", at=NOON - 5, tool="push\u202e", grant="ci"),
    )


@pytest.fixture
def trial(qtbot: QtBot, still: StillTime, paths: Paths) -> Iterator[RulesTrial]:
    trial = RulesTrial(still, paths)
    qtbot.addWidget(trial)
    trial.show()
    yield trial
    trial.reading.stop()


def tried(qtbot: QtBot, trial: RulesTrial) -> str:
    trial._try.click()
    qtbot.waitUntil(lambda: trial._words.text() not in ("", "Trying…"))
    return trial._words.text()


def shown(trial: RulesTrial) -> list[str]:
    return [trial.calls.item(row).text() for row in range(trial.calls.count())]


def test_what_would_change_is_counted_and_can_be_shown(qtbot: QtBot, trial: RulesTrial, log: None) -> None:
    trial.set_draft("files", draft(read={}, write=RULE))
    assert tried(qtbot, trial) == (
        "2 of the last 4 recorded calls would change. 1 cannot be told: a rule looks at what the log masks."
    )
    assert not trial.calls.isVisible()
    trial._show.click()
    assert trial.calls.isVisible()
    newest, masked, long = shown(trial)
    assert "push⟨U+202E⟩: allowed → denied  (default deny)" in newest
    assert "write: allowed → allowed or denied" in masked
    assert "write: allowed → denied  /tools/write/deny_if/args.to-regex" in long
    assert long.endswith("x…")


def test_a_draft_that_changes_nothing_has_nothing_to_show(qtbot: QtBot, trial: RulesTrial, log: None) -> None:
    trial.set_draft("files", policy_from_object({"version": "1", "default": "allow"}))
    assert tried(qtbot, trial) == "0 of the last 4 recorded calls would change."
    assert not trial._show.isVisible()


def test_calls_under_another_policy_are_left_out(qtbot: QtBot, trial: RulesTrial, log: None, paths: Paths) -> None:
    grants = [{"name": "ci", "server": "files", "policy": "strict"}]
    paths.grants.write_text(json.dumps(grants), encoding="utf-8")
    trial.set_draft("files", draft(read={}, write={}))
    assert tried(qtbot, trial) == "0 of the last 3 recorded calls would change."


def test_what_was_said_of_another_draft_is_taken_away(qtbot: QtBot, trial: RulesTrial, log: None) -> None:
    trial.set_draft("files", draft())
    said = tried(qtbot, trial)
    trial.set_draft("files", draft())
    assert trial._words.text() == said
    trial.set_draft("files", draft(read={}))
    assert trial._words.text() == ""
    assert shown(trial) == []


def test_a_server_without_calls_is_told(qtbot: QtBot, trial: RulesTrial, log: None) -> None:
    trial.set_draft("git", draft())
    assert tried(qtbot, trial) == "The log has no calls that these rules judge."


def test_a_log_that_cannot_be_read_is_told(qtbot: QtBot, trial: RulesTrial) -> None:
    trial.set_draft("files", draft())
    assert tried(qtbot, trial).startswith("There is no log at ")


def test_grants_that_cannot_be_read_are_told(qtbot: QtBot, trial: RulesTrial, log: None, paths: Paths) -> None:
    paths.grants.write_text("{", encoding="utf-8")
    trial.set_draft("files", draft())
    assert "grants.json" in tried(qtbot, trial)


def test_a_draft_with_mistakes_cannot_be_tried(trial: RulesTrial) -> None:
    trial.set_draft("files", draft())
    assert trial._try.isEnabled()
    trial.set_draft("files", None)
    assert not trial._try.isEnabled()
    trial._run()
    assert trial._words.text() == ""
