"""The servers, and what is wrong with them."""

from pytestqt.qtbot import QtBot

from approver.model import ServerHealth
from approver.ui.servers_table import ServersTable


def test_what_is_wrong_is_said_in_full_below(qtbot: QtBot) -> None:
    table = ServersTable()
    qtbot.addWidget(table)
    assert not table._none.isHidden()
    table.set_servers((ServerHealth("git", False, 0, "No program\u202e gti."), ServerHealth("files", False, 1)))
    assert table._none.isHidden()
    assert table._faults.text() == "git: No program⟨U+202E⟩ gti."
    table.set_servers((ServerHealth("files", False, 1),))
    assert table._faults.isHidden()


def test_who_wants_to_be_seen_to_comes_first(qtbot: QtBot) -> None:
    table = ServersTable()
    qtbot.addWidget(table)
    assert table.most_wanting(()) == ""
    table.set_servers((ServerHealth("a", False, 1), ServerHealth("b", True, 0), ServerHealth("c", False, 0, "Ended.")))
    assert table.most_wanting(()) == "c"
    assert table.most_wanting(('The server "b" cannot be used: it wants you to log in.',)) == "b"
    with qtbot.waitSignal(table.activated) as asked:
        table._table.activated.emit(table.model.index(1, 0))
    assert asked.args == ["b"]
