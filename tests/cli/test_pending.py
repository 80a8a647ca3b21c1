"""`approver pending`: the open questions, for people and for programs."""

import json
from typing import Any

import pytest
from fake_app import FakeApp

from approver.cli.main import main


def question(**more: Any) -> dict[str, Any]:
    return {
        "id": "abcde", "client": "Desk", "server": "files", "tool": "write", "arguments": {"path": "/a"},
        "rule": "/tools/write", "since": "2026-11-22T10:00:00.000Z", "expires": "2026-11-22T10:10:00.000Z",
        "waiting": True, "text": "Desk wants to run write on files\n\nSent by the client:\n“path”: “/a”", **more,
    }  # fmt: skip


def test_programs_get_a_list_of_objects(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    app.answers["pending"] = lambda _: {"ok": True, "pending": [question(), question(id="bcdef")]}
    assert main(["pending", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [question(), question(id="bcdef")]


def test_people_read_what_a_window_would_show_and_how_to_answer(
    app: FakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    app.answers["pending"] = lambda _: {"ok": True, "pending": [question(), question(id="bcdef", waiting=False)]}
    assert main(["pending"]) == 0
    shown = capsys.readouterr().out
    assert "abcde\n    Desk wants to run write on files\n" in shown
    assert "    “path”: “/a”\n" in shown
    assert "The client waits. The question closes at " in shown
    assert "approver approve abcde    approver deny abcde --reason" in shown
    assert "The client was told to repeat the call." in shown


def test_nothing_is_waiting(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    app.answers["pending"] = lambda _: {"ok": True, "pending": []}
    assert main(["pending"]) == 0
    assert capsys.readouterr().out == "Nothing is waiting.\n"
    assert main(["pending", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_without_an_app_there_is_nothing_to_list(no_app: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pending"]) == 2
    assert "is not running" in capsys.readouterr().err
