"""How commands speak to the running app, and what they say when there is none."""

import pytest
from fake_app import FakeApp

from approver.cli import remote
from approver.desktop.paths import Paths


def test_a_command_is_carried_out_and_its_answer_returned(app: FakeApp) -> None:
    app.answers["state"] = lambda arguments: {"ok": True, "echo": arguments}
    assert remote.ask("state", {"a": [1, "é"]}) == {"ok": True, "echo": {"a": [1, "é"]}}
    assert remote.ask("state", paths=Paths.under(app.home)) == {"ok": True, "echo": {}}
    assert app.asked == [("state", {"a": [1, "é"]}), ("state", {})]


def test_a_long_answer_is_read_to_its_end(app: FakeApp) -> None:
    app.answers["pending"] = lambda _: {"ok": True, "pending": ["x" * 1_000_000]}
    assert len(remote.ask("pending")["pending"][0]) == 1_000_000


def test_without_an_app_a_sentence_says_how_to_start_it(no_app: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(remote.NotRunning, match="Start it: approver"):
        remote.ask("state")
    assert remote.run("state") == (2, {})
    assert capsys.readouterr().err == f"approver state: {remote.NOT_RUNNING}\n"


@pytest.mark.parametrize("answer", [b"", b"not JSON\n"])
def test_whatever_answers_otherwise_is_no_app(app: FakeApp, answer: bytes) -> None:
    app.answers["state"] = lambda _: answer
    with pytest.raises(remote.NotRunning):
        remote.ask("state")


def test_a_refusal_is_told_with_everything_in_it_visible(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = {"ok": False, "error": "Started by \x1b[31mevil\u202e."}
    app.answers["approve"] = lambda _: refusal
    assert remote.run("approve") == (1, refusal)
    told = capsys.readouterr().err
    assert told.startswith("approver approve: Started by ")
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_a_command_that_was_carried_out_says_nothing_by_itself(
    app: FakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    assert remote.run("panic", {"seconds": 5}) == (0, {"ok": True})
    assert capsys.readouterr() == ("", "")
