"""Servers by pasting."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from approver.ui.paste_form import PasteForm

TWO = '{"mcpServers": {"a": {"command": "x"}, "b": {"command": "y"}}}'


@pytest.fixture
def form(qtbot: QtBot) -> PasteForm:
    form = PasteForm(["a"])
    qtbot.addWidget(form)
    form.show()
    return form


def test_what_is_pasted_is_read_a_moment_later(qtbot: QtBot, form: PasteForm) -> None:
    QGuiApplication.clipboard().setText(TWO)
    with qtbot.waitSignal(form.changed):
        form.text.paste()
    assert [server.name for server in form.servers] == ["b"]
    assert form._view.isVisible()
    assert form._words.text() == "Tick those that you want."


def test_a_mistake_is_told_and_marked_with_its_place(form: PasteForm) -> None:
    form.text.setPlainText('{"é😀": {"command": "x"}\n "b": 1}')
    form.read()
    assert form._words.text() == "line 2, column 2: A comma is missing before a text."
    (mark,) = form.text.extraSelections()
    assert mark.cursor.selectedText() == '"'
    assert not form._view.isVisible()
    form.text.setPlainText(TWO)
    form.read()
    assert form.text.extraSelections() == []
    form.text.setPlainText(" ")
    form.read()
    assert not form._words.isVisible()


def test_a_mistake_at_the_end_is_marked_as_well(form: PasteForm) -> None:
    form.text.setPlainText('{"a": {')
    form.read()
    (mark,) = form.text.extraSelections()
    assert mark.cursor.selectedText() == "{"


def test_the_selected_one_can_be_given_another_name(form: PasteForm) -> None:
    form.text.setPlainText(TWO)
    form.read()
    assert form.name.text() == "a"
    QTest.keyClicks(form.name, "2")
    assert [server.name for server in form.servers] == ["a2", "b"]
    form._view.setCurrentIndex(form.found.index(1))
    assert form.name.text() == "b"
