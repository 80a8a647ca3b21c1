"""The dialog that takes a secret."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from approver.ui.secret_dialog import SecretDialog


def opened(qtbot: QtBot, name: str = "") -> SecretDialog:
    dialog = SecretDialog(name)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def test_a_value_is_taken_unseen_and_handed_over_once(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    assert dialog.value.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(dialog.name, "KEY")
    QTest.keyClicks(dialog.value, "s3cret")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert chosen.args == ["KEY", "s3cret"]
    with qtbot.assertNotEmitted(dialog.chosen):
        dialog.finish()
    dialog.say("The keyring is locked.")
    with qtbot.waitSignal(dialog.chosen):
        dialog.finish()
    assert not any(button.autoDefault() for button in dialog.findChildren(QPushButton))


def test_what_cannot_be_kept_is_told(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    dialog.finish()
    assert dialog._words.text().startswith("Nothing was stored: a secret's name has 1 to")
    QTest.keyClicks(dialog.name, "KEY")
    assert not dialog._words.isVisible()
    dialog.finish()
    assert dialog._words.text() == "Nothing was stored: the value is empty."


def test_the_name_of_what_is_replaced_stays_and_the_value_is_forgotten(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "KEY")
    assert dialog.name.isReadOnly()
    QTest.keyClicks(dialog.value, "s3cret")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    dialog.reject()
    assert dialog.value.text() == ""
