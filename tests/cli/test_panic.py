"""`approver panic`: everything is denied, for some minutes or until further notice."""

import pytest
from fake_app import FakeApp

from approver.cli.main import main


@pytest.mark.parametrize(
    ("words", "seconds", "told"),
    [
        ([], None, "Every call is denied until `approver resume`.\n"),
        (["--minutes", "5"], 300.0, "Every call is denied for 5 minutes.\n"),
        (["--minutes=0.5"], 30.0, "Every call is denied for 0.5 minutes.\n"),
    ],
)
def test_everything_is_denied(
    app: FakeApp, capsys: pytest.CaptureFixture[str], words: list[str], seconds: float | None, told: str
) -> None:
    assert main(["panic", *words]) == 0
    assert app.asked == [("panic", {"seconds": seconds})]
    assert capsys.readouterr().out == told


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "inf", "1e9"])
def test_minutes_have_to_make_sense(app: FakeApp, capsys: pytest.CaptureFixture[str], minutes: str) -> None:
    assert main(["panic", f"--minutes={minutes}"]) == 2
    assert "--minutes takes a number above 0" in capsys.readouterr().err
    assert app.asked == []


def test_without_an_app_there_is_nothing_to_deny(no_app: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["panic"]) == 2
    assert capsys.readouterr().out == ""
