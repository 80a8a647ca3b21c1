"""The servers as a table."""

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approver.model import ServerHealth
from approver.ui.servers_model import Column, ServersModel

SERVERS = (
    ServerHealth("files", False, 2),
    ServerHealth("git", False, 1),
    ServerHealth("idle", False, 0),
    ServerHealth("ill", False, 1, "It ended."),
    ServerHealth("web", True, 0),
    ServerHealth("web2\u202e", True, 0, "No route."),
)


def test_each_server_says_how_it_fares(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = ServersModel()
    qtmodeltester.check(model)
    model.set_servers(SERVERS)
    assert [model.index(row, Column.STATE).data() for row in range(6)] == [
        "2 clients", "1 client", "no client, so it rests", "did not start, or ended", "no client, runs elsewhere",
        "not reached",
    ]  # fmt: skip
    assert model.index(5, Column.NAME).data() == "web2⟨U+202E⟩"
    assert not model.index(0, Column.STATE).data(Qt.ItemDataRole.DecorationRole).isNull()
    assert model.index(0, Column.NAME).data(Qt.ItemDataRole.DecorationRole) is None
    assert model.headerData(Column.STATE, Qt.Orientation.Horizontal) == "State"


def test_the_same_servers_keep_their_rows(qtbot: QtBot) -> None:
    model = ServersModel()
    model.set_servers(SERVERS[:2])
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.set_servers((ServerHealth("files", False, 0), SERVERS[1]))
    with qtbot.assertNotEmitted(model.dataChanged):
        model.set_servers((ServerHealth("files", False, 0), SERVERS[1]))
    with qtbot.waitSignal(model.modelReset):
        model.set_servers(SERVERS)
