"""`approver quit`: the running app ends."""

import pytest
from fake_app import FakeApp

from approver.cli.main import main


def test_the_app_is_told_and_says_so(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quit"]) == 0
    assert app.asked == [("quit", {})]
    assert capsys.readouterr().out == "Approver is closing.\n"


def test_a_refusal_is_a_no(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    app.answers["quit"] = lambda _: {"ok": False, "error": "An agent cannot do that."}
    assert main(["quit"]) == 1
    assert capsys.readouterr() == ("", "approver quit: An agent cannot do that.\n")
