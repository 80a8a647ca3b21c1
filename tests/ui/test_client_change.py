"""A change to a client's file, shown before it is made."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from approver.ui.client_change import ClientChange

DIFF = "--- a\n+++ a\n@@ -1 +1 @@\n-old <b>\n+new\n"


def test_nothing_changes_by_enter_and_a_change_once_a_click(qtbot: QtBot) -> None:
    dialog = ClientChange("Lead Cursor\u202e?", "&Change it", may_move=True)
    dialog.show()
    assert not dialog.change_button.isEnabled()
    assert "⟨U+202E⟩" in dialog.windowTitle()
    dialog.show_change(DIFF, "", ["Close it first."])
    assert dialog.block.toPlainText() == "@@ -1 +1 @@\n-old <b>\n+new"
    assert dialog._notes.isVisible()
    assert not dialog._news.isVisible()
    wanted = []
    dialog.change_wanted.connect(lambda: wanted.append(1))
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not wanted
    dialog.change_button.click()
    dialog.change_button.click()
    assert wanted == [1]
    with qtbot.waitSignal(dialog.plan_wanted) as planned:
        dialog.keyring.click()
    assert planned.args == [True]
    dialog.show_change("", "", [])
    assert not dialog.block.isVisible()
    dialog.say("It was edited meanwhile.")
    assert dialog._words.text() == "It was edited meanwhile."
    gone = []
    dialog.rejected.connect(lambda: gone.append(1))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert gone == [1]
