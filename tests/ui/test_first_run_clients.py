"""The pages about clients and servers."""

from pathlib import Path

import pytest
from client_files import entries, write
from first_run_room import home, machine
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from approver.clients.planning import key_of
from approver.first_run.machine import FirstRun
from approver.model import HttpServer, StdioServer
from approver.ui.change_block import ChangeBlock
from approver.ui.first_run_clients import ClientsPage, ServersPage, whole_way
from approver.ui.first_run_page import FirstRunPage


@pytest.fixture
def made(tmp_path: Path) -> FirstRun:
    return machine(home(tmp_path))


def shown(qtbot: QtBot, page: FirstRunPage) -> None:
    qtbot.addWidget(page)
    page.resize(600, 900)
    page.refresh()
    page.show()


def texts(page: FirstRunPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if not label.isHidden())


def test_each_client_has_a_box_with_its_file_below(qtbot: QtBot, made: FirstRun, tmp_path: Path) -> None:
    page = ClientsPage(made)
    shown(qtbot, page)
    assert [box.text() for box in page.boxes] == ["Claude Desktop: 1 server", "Cursor: 2 servers", "VS Code: 1 server"]
    assert str(tmp_path / ".cursor/mcp.json") in texts(page)
    changes: list[object] = []
    page.changed.connect(lambda: changes.append(1))
    qtbot.keyClick(page.boxes[1], Qt.Key.Key_Space)
    assert tmp_path / ".cursor/mcp.json" not in made.chosen_files and changes
    qtbot.keyClick(page.boxes[1], Qt.Key.Key_Space)
    assert tmp_path / ".cursor/mcp.json" in made.chosen_files


def test_files_that_are_of_no_use_are_listed_with_their_reason(qtbot: QtBot, tmp_path: Path) -> None:
    write(tmp_path / ".cursor/mcp.json", "{")
    write(tmp_path / ".gemini/settings.json", "{}")
    ours = {"command": "/opt/approver", "args": ["connect", "x"]}
    write(tmp_path / ".config/Claude/claude_desktop_config.json", entries(x=ours))
    write(tmp_path / ".claude.json", entries(a={"command": "x"}))
    page = ClientsPage(machine(tmp_path))
    shown(qtbot, page)
    assert [box.text() for box in page.boxes] == ["Claude Code: 1 server"]
    assert "does not load" in texts(page) and "close it before you press Apply" in texts(page)


def test_where_no_client_is_that_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    page = ClientsPage(machine(tmp_path))
    shown(qtbot, page)
    assert "None of the clients" in texts(page)


def test_a_file_can_be_chosen_and_one_of_no_use_is_told_of(qtbot: QtBot, made: FirstRun, tmp_path: Path) -> None:
    page = ClientsPage(made)
    shown(qtbot, page)
    page._choose()
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(write(tmp_path / "agent.json", entries(own={"command": "x"}))))
    dialog.close()
    assert [box.text() for box in page.boxes][-1] == "agent: 1 server"
    page.add_file(tmp_path / "gone.json")
    assert "is not there any more" in texts(page)


def test_each_server_stands_there_with_its_whole_command(qtbot: QtBot, made: FirstRun) -> None:
    page = ServersPage(made)
    shown(qtbot, page)
    assert [box.text() for box in page.boxes][1:3] == ["files, from Cursor", "remote, from Cursor"]
    commands = [block.toPlainText() for block in page.findChildren(ChangeBlock)]
    assert commands[1:3] == ["npx -y server-filesystem /home/ana", "https://example.com/mcp"]


def test_a_server_can_be_left_out_and_a_secret_moved(qtbot: QtBot, made: FirstRun) -> None:
    page = ServersPage(made)
    shown(qtbot, page)
    files = made.choices[1]
    (move,) = page.moves
    assert move.text() == "Move API_KEY into the keyring"
    qtbot.keyClick(move, Qt.Key.Key_Space)
    assert made.moves[key_of(files)] == {"API_KEY"}
    qtbot.keyClick(move, Qt.Key.Key_Space)
    assert made.moves[key_of(files)] == frozenset()
    qtbot.keyClick(page.boxes[1], Qt.Key.Key_Space)
    assert files not in made.choices
    qtbot.keyClick(page.boxes[1], Qt.Key.Key_Space)
    assert files in made.choices


def test_what_cannot_be_taken_has_no_box_and_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    ours = {"command": "/opt/approver", "args": ["connect", "x"]}
    servers = entries(x=ours, y={"command": "c", "envFile": ".env"}, **{"a/b": {"command": "c"}})
    write(tmp_path / ".cursor/mcp.json", servers)
    page = ServersPage(machine(tmp_path))
    shown(qtbot, page)
    assert len(page.boxes) == 1
    for words in ("goes through Approver already", "envFile", 'called "a-b" here'):
        assert words in texts(page)


def test_a_command_is_never_shortened() -> None:
    long = "x" * 5000
    assert whole_way(StdioServer("a", "npx", (long, "a b"), cwd="/my files")) == f"cd '/my files' && npx {long} 'a b'"
    assert whole_way(HttpServer("a", "https://x")) == "https://x"
