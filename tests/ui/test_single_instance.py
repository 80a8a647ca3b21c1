"""A second launch shows the first."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from approver.ui.single_instance import LONGEST_LINE, SOCKET_NAME, SingleInstance, show_running


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def first(qtbot: QtBot, folder: Path) -> Iterator[SingleInstance]:
    instance = SingleInstance(folder)
    assert instance.listen()
    yield instance
    instance.close()


def said(qtbot: QtBot, folder: Path, line: bytes) -> object:
    """Connect as a stranger, say a line, return the reply."""
    socket = QLocalSocket()
    socket.connectToServer(str(folder / SOCKET_NAME))
    assert socket.waitForConnected(2000)
    socket.write(line)
    qtbot.waitUntil(lambda: socket.canReadLine() or socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    reply = bytes(socket.readAll().data())
    socket.abort()
    return json.loads(reply) if reply else None


def test_nobody_listening_is_nobody_running(qtbot: QtBot, folder: Path) -> None:
    assert not show_running(folder, {})


def test_a_show_line_shows_and_is_answered(qtbot: QtBot, first: SingleInstance, folder: Path) -> None:
    with qtbot.waitSignal(first.show_asked):
        assert said(qtbot, folder, b'{"version": 1, "command": "show"}\n') == {"version": 1, "ok": True}


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"nonsense\n",
        b"[]\n",
        b'{"version": 2, "command": "show"}\n',
        b'{"version": 1, "command": "approve"}\n',
        b"\xff\n",
    ],
)
def test_anything_else_is_refused(qtbot: QtBot, first: SingleInstance, folder: Path, line: bytes) -> None:
    with qtbot.assertNotEmitted(first.show_asked):
        assert said(qtbot, folder, line) == {"version": 1, "ok": False}


def test_a_line_without_an_end_is_hung_up_on(qtbot: QtBot, first: SingleInstance, folder: Path) -> None:
    with qtbot.assertNotEmitted(first.show_asked):
        assert said(qtbot, folder, b"x" * (LONGEST_LINE + 1)) is None


def test_the_activation_token_is_handed_on(
    qtbot: QtBot, first: SingleInstance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "old")
    with qtbot.waitSignal(first.show_asked):
        said(qtbot, folder, b'{"version": 1, "command": "show", "activation": "token-1"}\n')
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-1"
    with qtbot.waitSignal(first.show_asked):
        said(qtbot, folder, b'{"version": 1, "command": "show", "activation": "tok\\u0000en"}\n')
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-1"


def test_only_the_person_can_reach_it(first: SingleInstance, folder: Path) -> None:
    assert stat.S_IMODE((folder / SOCKET_NAME).stat().st_mode) == 0o600


def test_what_a_crashed_one_left_is_in_nobody_s_way(qtbot: QtBot, folder: Path) -> None:
    (folder / SOCKET_NAME).write_bytes(b"")
    instance = SingleInstance(folder)
    assert instance.listen()
    with qtbot.waitSignal(instance.show_asked):
        said(qtbot, folder, b'{"version": 1, "command": "show"}\n')
    instance.close()


def test_a_folder_that_is_not_there_is_no_reason_to_end(
    qtbot: QtBot, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not SingleInstance(folder / "nowhere").listen()
    assert "second launches cannot reach this one" in caplog.text
