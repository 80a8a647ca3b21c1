"""What was found in a pasted text, as a list."""

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approver.clients.pasted import read_pasted
from approver.ui.pasted_model import PastedModel

TEXT = """{"mcpServers": {
  "a": {"command": "npx", "args": ["-y", "a b"], "env": {"TOKEN": "s3cret"}, "timeout": 1},
  "taken": {"url": "https://x.org/", "headers": {"X-A": "b"}},
  "off": {"command": "x", "disabled": true},
  "wrong": {"command": 1}
}}"""
CHECK = Qt.ItemDataRole.CheckStateRole


def filled(qtmodeltester: ModelTester) -> PastedModel:
    model = PastedModel()
    qtmodeltester.check(model)
    model.set_found(read_pasted(TEXT).servers, ["taken"])
    return model


def ticks(model: PastedModel) -> list[bool]:
    return [model.index(row).data(CHECK) == Qt.CheckState.Checked for row in range(model.rowCount())]


def test_each_row_shows_the_exact_command_and_what_would_be_lost(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = filled(qtmodeltester)
    lines = model.index(0).data().split("\n")
    assert lines[:3] == ["a", "npx -y 'a b'", "TOKEN=••• (6 characters hidden)"]
    assert lines[3].startswith("• timeout: not taken over")
    assert "There is a server of this name already" in model.index(1).data()
    assert "command must be text" in model.index(3).data()


def test_what_can_be_added_is_ticked_but_what_was_switched_off(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = filled(qtmodeltester)
    assert ticks(model) == [True, False, False, False]
    with qtbot.waitSignal(model.chosen_changed):
        assert model.setData(model.index(2), Qt.CheckState.Checked.value, CHECK)
    assert [server.name for server in model.chosen] == ["a", "off"]
    assert model.setData(model.index(0), Qt.CheckState.Unchecked.value, CHECK)
    assert [server.name for server in model.chosen] == ["off"]


def test_what_cannot_be_added_cannot_be_ticked(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = filled(qtmodeltester)
    for row in (1, 3):
        assert not model.setData(model.index(row), Qt.CheckState.Checked.value, CHECK)
        assert not model.flags(model.index(row)) & Qt.ItemFlag.ItemIsUserCheckable


def test_another_name_makes_it_possible_or_impossible(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = filled(qtmodeltester)
    model.rename(1, "free")
    assert [server.name for server in model.chosen] == ["a", "free"]
    model.rename(1, "a")
    assert "Another one above has this name" in model.index(1).data()
    model.rename(1, "a/b")
    assert "cannot hold" in model.index(1).data()
    assert ticks(model)[1] is False
