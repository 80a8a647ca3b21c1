"""When the window of the first start opens, and that watching ends."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from client_files import write
from first_run_room import DictionaryStore
from pytestqt.qtbot import QtBot

from approver.configuration_edits import add_server, read_servers
from approver.desktop.paths import Paths
from approver.first_run.trial_server import NAME
from approver.first_run.watching import watch, watching_file
from approver.model import StdioServer
from approver.own_files import write_json
from approver.ui.first_run_opening import FirstRunOpening

UNTIL = date(2026, 11, 29)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    paths = Paths.under(tmp_path / "approver")
    paths.create()
    return paths


@pytest.fixture
def opening(qtbot: QtBot, paths: Paths) -> Iterator[FirstRunOpening]:
    opening = FirstRunOpening(paths, 5.0, store=DictionaryStore(), today=lambda: UNTIL)
    yield opening
    opening.close()
    assert opening.wizard is None


def test_it_opens_by_itself_where_nothing_is_set_up_and_somebody_looks(
    qtbot: QtBot, opening: FirstRunOpening, paths: Paths
) -> None:
    opening.begin(hidden=True)
    assert opening.wizard is None
    opening.begin(hidden=False)
    wizard = opening.wizard
    assert wizard is not None and wizard.isVisible() and not wizard.isModal()
    qtbot.waitUntil(lambda: not wizard._works)
    opening.open()
    assert opening.wizard is wizard


def test_where_servers_are_it_opens_only_when_asked_for(qtbot: QtBot, opening: FirstRunOpening, paths: Paths) -> None:
    write(paths.servers, '{"mcpServers": {}}')
    opening.begin(hidden=False)
    assert opening.wizard is None
    opening.open()
    wizard = opening.wizard
    assert wizard is not None
    qtbot.waitUntil(lambda: not wizard._works)


def test_the_week_of_watching_ends_at_the_start(qtbot: QtBot, paths: Paths, caplog: pytest.LogCaptureFixture) -> None:
    policy = paths.policies / "a.json"
    write_json(policy, {"version": "1", "default": "allow"})
    watch(paths, {"a": {"version": "1", "default": "require_approval"}}, UNTIL)
    with caplog.at_level("INFO"):
        FirstRunOpening(paths, 5.0, store=DictionaryStore(), today=lambda: UNTIL)
    assert json.loads(policy.read_text(encoding="utf-8"))["default"] == "require_approval"
    assert "the week of watching a is over" in caplog.text


def test_notes_that_cannot_be_read_are_told_of(qtbot: QtBot, paths: Paths, caplog: pytest.LogCaptureFixture) -> None:
    write(watching_file(paths), "[")
    FirstRunOpening(paths, 5.0, store=DictionaryStore(), today=lambda: UNTIL)
    assert "watching.json" in caplog.text


def test_what_an_interrupted_test_call_left_is_removed(
    qtbot: QtBot, paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    add_server(paths, StdioServer(NAME, "x"))
    write(paths.policies / f"{NAME}.json", "{}")
    FirstRunOpening(paths, 5.0, store=DictionaryStore(), today=lambda: UNTIL)
    assert read_servers(paths) == {} and list(paths.policies.iterdir()) == []
    write(paths.servers, "{")
    FirstRunOpening(paths, 5.0, store=DictionaryStore(), today=lambda: UNTIL)
    assert "a test call was not removed" in caplog.text
