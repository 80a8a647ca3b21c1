"""The frame of a form: it says what its fields make, and lets nothing in that is wrong."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from approver.ui.form_window import FormWindow


class Form:
    """A form with one field: the message of a rule that always denies."""

    def __init__(self, qtbot: QtBot) -> None:
        self.field = QLineEdit()
        self.problems: tuple[str, ...] = ()
        self.window = FormWindow("A rule for x", self.field, self.said, lambda *_: self.problems)
        self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.window)
        self.window.refresh()
        self.window.show()

    def said(self) -> tuple[str, dict[str, Any]]:
        if not self.field.text():
            raise ValueError("Say something.")
        return "deny_if", {"conditions": [], "on_deny": self.field.text()}


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    return Form(qtbot)


def test_what_the_fields_make_is_said_and_put_in(qtbot: QtBot, form: Form) -> None:
    form.field.setText("No.")
    form.window.refresh()
    assert form.window.sentence.text() == "Always deny — “No.”"
    with qtbot.waitSignal(form.window.wanted) as wanted:
        form.window.put_in.click()
    assert wanted.args == ["deny_if", {"conditions": [], "on_deny": "No."}]
    assert not form.window.isVisible()


def test_fields_that_say_nothing_say_why(form: Form) -> None:
    assert form.window.mistakes.text() == "Say something."
    assert not form.window.put_in.isEnabled()


def test_a_mistake_keeps_the_form_open(qtbot: QtBot, form: Form) -> None:
    form.field.setText("No.")
    form.problems = ("One thing.", "Another\u202e.")
    form.window.refresh()
    assert form.window.mistakes.text() == "One thing.\nAnother⟨U+202E⟩."
    assert form.window.sentence.isHidden()
    with qtbot.assertNotEmitted(form.window.wanted):
        form.window._put_in()
    assert form.window.isVisible()


def test_enter_puts_nothing_in_and_escape_means_never_mind(qtbot: QtBot, form: Form) -> None:
    form.field.setText("No.")
    form.window.refresh()
    with qtbot.assertNotEmitted(form.window.wanted):
        QTest.keyClick(form.field, Qt.Key.Key_Return)
        QTest.keyClick(form.window, Qt.Key.Key_Escape)
    assert not form.window.isVisible()


def test_cancel_puts_nothing_in(qtbot: QtBot, form: Form) -> None:
    form.field.setText("No.")
    cancel = next(button for button in form.window.findChildren(QPushButton) if button.text() == "Cancel")
    with qtbot.assertNotEmitted(form.window.wanted):
        cancel.click()
    assert not form.window.isVisible()
