"""`approver tray`: windows where they can be shown, and a word where they cannot."""

import sys

import pytest

from approver import headless
from approver.cli import tray
from approver.cli.main import main
from approver.desktop.paths import Paths


def test_without_a_display_it_runs_without_windows_and_says_so(
    approver_home: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[Paths] = []
    monkeypatch.setattr(tray, "has_display", lambda: False)
    monkeypatch.setattr(headless, "run", lambda paths: ran.append(paths) or 3)
    assert main([]) == 3
    assert ran == [Paths.from_environment()]
    assert "runs without windows" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "hidden"), [(["tray"], False), (["--hidden"], True)])
def test_with_a_display_it_runs_the_windows(
    approver_home: object, monkeypatch: pytest.MonkeyPatch, words: list[str], hidden: bool
) -> None:
    from approver.ui import run

    ran: list[tuple[Paths, bool]] = []
    monkeypatch.setattr(tray, "has_display", lambda: True)
    monkeypatch.setattr(run, "run", lambda paths, *, hidden: ran.append((paths, hidden)) or 0)
    assert main(words) == 0
    assert ran == [(Paths.from_environment(), hidden)]


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("linux", {"QT_QPA_PLATFORM": "xcb"}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_display_is_told_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], expected: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert tray.has_display() is expected
