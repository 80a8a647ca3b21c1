"""`approver resume`: calls are judged by the rules again."""

import pytest
from fake_app import FakeApp

from approver.cli.main import main


def test_the_app_is_told_and_says_so(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resume"]) == 0
    assert app.asked == [("resume", {})]
    assert capsys.readouterr().out == "Calls are judged by the rules.\n"


def test_a_refusal_is_a_no(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    app.answers["resume"] = lambda _: {"ok": False, "error": "An agent cannot do that."}
    assert main(["resume"]) == 1
    assert capsys.readouterr() == ("", "approver resume: An agent cannot do that.\n")
