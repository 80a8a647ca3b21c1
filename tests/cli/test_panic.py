"""`approver panic`: everything is denied."""

import pytest
from fake_app import FakeApp

from approver.cli.main import main


def test_everything_is_denied(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["panic", "--minutes", "5"]) == 0
    assert app.asked == [("panic", {"seconds": 300.0})]
    assert capsys.readouterr().out == "Every call is denied for 5 minutes.\n"
