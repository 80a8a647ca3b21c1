"""`approver panic` and `approver pause`: for some minutes, or until further notice."""

import pytest
from fake_app import FakeApp

from approver.cli.main import main

COMMANDS = {"panic": "Every call is denied {}.\n", "pause": "Asking is paused {}: what rules ask about is denied.\n"}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("words", "seconds", "told"),
    [
        ([], None, "until `approver resume`"),
        (["--minutes", "5"], 300.0, "for 5 minutes"),
        (["--minutes=0.5"], 30.0, "for 0.5 minutes"),
        (["--minutes=1"], 60.0, "for 1 minute"),
    ],
)
def test_it_says_what_it_did_and_for_how_long(
    app: FakeApp, capsys: pytest.CaptureFixture[str], command: str, words: list[str], seconds: float | None, told: str
) -> None:
    assert main([command, *words]) == 0
    assert app.asked == [(command, {"seconds": seconds})]
    assert capsys.readouterr().out == COMMANDS[command].format(told)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "inf", "1e9"])
def test_minutes_have_to_make_sense(
    app: FakeApp, capsys: pytest.CaptureFixture[str], command: str, minutes: str
) -> None:
    assert main([command, f"--minutes={minutes}"]) == 2
    assert f"approver {command}: --minutes takes a number above 0" in capsys.readouterr().err
    assert app.asked == []


@pytest.mark.parametrize("command", COMMANDS)
def test_without_an_app_there_is_nothing_to_deny(
    no_app: None, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main([command]) == 2
    assert capsys.readouterr().out == ""
