"""The dialog for a new grant."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from approver.issuing import Issued
from approver.model import ALL_SERVERS, Grant
from approver.ui.grant_dialog import ALL, SEVERAL, GrantDialog, Wish


def opened(qtbot: QtBot) -> GrantDialog:
    dialog = GrantDialog(["git", "web"], ["git", "strict"])
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def test_one_server_can_have_other_rules(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    dialog._do.click()
    assert "Give the client a name" in dialog._words.text()
    QTest.keyClicks(dialog.name, " ci ")
    assert not dialog._words.isVisible()
    dialog.server.setCurrentIndex(1)
    dialog.policy.setCurrentIndex(2)
    assert not dialog.several.isVisible()
    with qtbot.waitSignal(dialog.wanted) as wanted:
        QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert wanted.args == [Wish("ci", "web", (), "strict")]


def test_several_servers_are_ticked(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    dialog.name.setText("ci")
    dialog.which.setCurrentIndex(dialog.which.findData(SEVERAL))
    assert dialog.several.isVisible()
    assert not dialog.policy.isVisible()
    dialog.finish()
    assert "Tick the servers" in dialog._words.text()
    dialog.several.item(1).setCheckState(Qt.CheckState.Checked)
    with qtbot.waitSignal(dialog.wanted) as wanted:
        dialog.finish()
    assert wanted.args == [Wish("ci", servers=("web",))]
    dialog.which.setCurrentIndex(dialog.which.findData(ALL))
    with qtbot.waitSignal(dialog.wanted) as wanted:
        dialog.finish()
    assert wanted.args == [Wish("ci", servers=(ALL_SERVERS,))]


def test_the_token_takes_the_place_of_the_form(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    dialog.name.setText("ci")
    dialog.show_ticket(Issued(Grant("ci", "git"), "http://x/", "approver_abc"), ())
    assert dialog.ticket is not None
    assert dialog.ticket.token.isVisible()
    assert not dialog._do.isVisible()
    with qtbot.assertNotEmitted(dialog.wanted):
        dialog.finish()
    assert not any(button.autoDefault() for button in dialog.findChildren(QPushButton))
