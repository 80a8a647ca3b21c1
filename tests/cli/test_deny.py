"""`approver deny`: one waiting call or all of them."""

import json

import pytest
from fake_app import FakeApp

from approver.cli.main import main


@pytest.fixture
def waiting(app: FakeApp) -> FakeApp:
    """An app in which three calls wait, one of which is answered just before."""
    app.answers["pending"] = lambda _: {"ok": True, "pending": [{"id": name} for name in ("aaaaa", "gone!", "ccccc")]}
    app.answers["deny"] = lambda arguments: (
        {"ok": False, "error": "No call with that id is waiting."}
        if arguments["id"] == "gone!"
        else {"ok": True, "id": arguments["id"], "answer": "deny"}
    )
    return app


def test_a_call_is_denied_and_the_agent_is_told_why(waiting: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deny", "aaaaa", "--reason", "Not now."]) == 0
    assert capsys.readouterr().out == "Denied aaaaa.\n"
    assert waiting.asked == [("deny", {"id": "aaaaa", "reason": "Not now."})]


def test_all_are_denied_and_the_one_that_could_not_be_is_told(
    waiting: FakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deny", "--all"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "Denied aaaaa.\nDenied ccccc.\n"
    assert "No call with that id" in shown.err
    assert [name for name, _ in waiting.asked] == ["pending", "deny", "deny", "deny"]


def test_programs_get_a_list_of_what_was_denied(waiting: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    main(["deny", "--all", "--json"])
    assert json.loads(capsys.readouterr().out) == [
        {"id": "aaaaa", "answer": "deny"},
        {"id": "ccccc", "answer": "deny"},
    ]


def test_nothing_to_deny_is_no_failure(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    app.answers["pending"] = lambda _: {"ok": True, "pending": []}
    assert main(["deny", "--all"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("words", [[], ["aaaaa", "--all"]])
def test_it_has_to_be_one_or_all(waiting: FakeApp, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["deny", *words]) == 2
    assert "name one waiting call, or give --all" in capsys.readouterr().err
    assert waiting.asked == []


@pytest.mark.parametrize("words", [["aaaaa"], ["--all"]])
def test_without_an_app_nothing_is_denied(no_app: None, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["deny", *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("approver deny: Approver is not running")
