"""`approver pause`: rules alone decide."""

import pytest
from fake_app import FakeApp

from approver.cli.main import main


def test_asking_is_paused(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pause"]) == 0
    assert app.asked == [("pause", {"seconds": None})]
    assert capsys.readouterr().out == "Asking is paused until `approver resume`: what rules ask about is denied.\n"
