"""The dialog that adds or edits servers."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from approver.model import HttpServer, StdioServer
from approver.ui.server_dialog import ServerDialog
from approver.ui.server_form import ServerForm

TWO = '{"mcpServers": {"a": {"command": "x"}, "b": {"command": "y"}}}'


def opened(qtbot: QtBot, dialog: ServerDialog) -> ServerDialog:
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def test_pasted_servers_are_handed_over_all_at_once(qtbot: QtBot) -> None:
    dialog = opened(qtbot, ServerDialog([]))
    assert dialog.paste is not None
    assert not dialog._do.isEnabled()
    dialog.finish()
    dialog.paste.text.setPlainText(TWO)
    dialog.paste.read()
    assert dialog._do.text() == "&Add 2 servers"
    with qtbot.waitSignal(dialog.chosen) as chosen:
        QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert chosen.args == [(StdioServer("a", "x"), StdioServer("b", "y")), True]


def test_no_button_is_pressed_by_enter(qtbot: QtBot) -> None:
    dialog = opened(qtbot, ServerDialog([]))
    assert not any(button.autoDefault() or button.isDefault() for button in dialog.findChildren(QPushButton))


def test_a_typed_server_with_a_mistake_is_told_and_not_handed_over(qtbot: QtBot) -> None:
    dialog = opened(qtbot, ServerDialog([]))
    dialog.pages.setCurrentIndex(2)
    form = dialog.pages.currentWidget()
    assert isinstance(form, ServerForm)
    QTest.keyClicks(form.way, "ftp://x")
    with qtbot.assertNotEmitted(dialog.chosen):
        dialog._do.click()
    assert "url must be an address" in dialog._words.text()
    QTest.keyClicks(form.name, "x")
    assert not dialog._words.isVisible()


def test_rules_can_be_left_for_later(qtbot: QtBot) -> None:
    dialog = opened(qtbot, ServerDialog([]))
    dialog.pages.setCurrentIndex(1)
    dialog.asks.click()
    form = dialog.pages.currentWidget()
    assert isinstance(form, ServerForm)
    QTest.keyClicks(form.way, "uvx weather")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog._do.click()
    assert chosen.args == [(StdioServer("weather", "uvx", ("weather",)),), False]


def test_a_server_is_edited_in_the_form_of_its_kind(qtbot: QtBot) -> None:
    for server in (StdioServer("a", "x"), HttpServer("b", "https://x.org/")):
        dialog = opened(qtbot, ServerDialog([], server))
        assert dialog.windowTitle() == f"Edit {server.name} - Approver"
        assert not dialog.asks.isVisible()
        with qtbot.waitSignal(dialog.chosen) as chosen:
            dialog._do.click()
        assert chosen.args == [(server,), False]
