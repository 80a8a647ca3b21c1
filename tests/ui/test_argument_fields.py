"""The form for arguments: fields by kind, inert text, and values that come out as they went in."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from approver.approvals.argument_form import form_of
from approver.ui.argument_fields import ArgumentFields

SCHEMA = {
    "properties": {
        "path": {"type": "string", "description": "<b>Where</b> to\u202e write"},
        "mode": {"enum": ["overwrite", "append", 3]},
        "deep": {"properties": {"n": {"type": "integer"}, "more": {"type": "string"}}},
        "late": {"type": "boolean"},
    },
    "required": ["path"],
}
VALUE = {
    "path": "/a\u202e",
    "text": "one\ntwo",
    "mode": "append",
    "deep": {"n": 7},
    "on": True,
    "tags": ["a", "b"],
    "odd": [1, "x"],
    "password": "••• (7 characters hidden)",
}


@pytest.fixture
def form(qtbot: QtBot) -> ArgumentFields:
    form = ArgumentFields()
    qtbot.addWidget(form)
    form.resize(560, 900)
    form.show_form(form_of(SCHEMA, VALUE), VALUE, {("password",): VALUE["password"]})
    form.show()
    return form


@pytest.fixture
def typed(form: ArgumentFields) -> list[tuple[object, object]]:
    found: list[tuple[object, object]] = []
    form.value_edited.connect(lambda path, value: found.append((path, value)))
    return found


def test_each_kind_has_its_field_and_shows_its_value(form: ArgumentFields) -> None:
    path, text, mode = form.editor(("path",)), form.editor(("text",)), form.editor(("mode",))
    assert isinstance(path, QLineEdit)
    assert path.text() == "/a⟨U+202E⟩"
    assert isinstance(text, QPlainTextEdit)
    assert text.toPlainText() == "one\ntwo"
    assert isinstance(mode, QComboBox)
    assert (mode.currentText(), mode.count(), mode.itemText(2)) == ("append", 3, "3")
    assert isinstance(form.editor(("on",)), QCheckBox)
    assert form.editor(("deep", "n")).text() == "7"
    assert form.editor(("tags",)).toPlainText() == "a\nb"
    assert form.editor(("odd",)).toPlainText() == '[\n  1,\n  "x"\n]'
    assert form.editor(("nowhere",)) is None


def test_what_is_typed_comes_out_as_a_value(form: ArgumentFields, typed: list) -> None:
    QTest.keyClicks(form.editor(("deep", "n")), "4")
    form.editor(("text",)).setPlainText("three")
    form.editor(("mode",)).setCurrentIndex(2)
    form.editor(("on",)).click()
    form.editor(("tags",)).setPlainText("a")
    assert typed == [(("deep", "n"), 47), (("text",), "three"), (("mode",), 3), (("on",), False), (("tags",), ["a"])]
    assert form.editor(("on",)).text() == "false"


def test_what_is_no_value_is_told_beside_its_field_until_it_is_one(form: ArgumentFields, qtbot: QtBot) -> None:
    editor = form.editor(("deep", "n"))
    editor.clear()
    with qtbot.waitSignal(form.text_broken):
        QTest.keyClicks(editor, "x")
    form.show_problems({})
    note = form._notes["deep", "n"]
    assert note.isVisible()
    assert "whole number" in note.text()
    editor.clear()
    with qtbot.waitSignal(form.value_edited):
        QTest.keyClicks(editor, "5")
    assert form.broken == {}


def test_problems_stand_below_the_field_they_are_in(form: ArgumentFields) -> None:
    form.show_problems({"/odd/1": "must be a number", "/path": "must be text", "/elsewhere": "is missing"})
    assert form._notes["odd",].text() == "must be a number"
    assert form._notes["path",].text() == "must be text"
    assert not form._notes["text",].isVisible()


def test_a_covered_value_stays_until_something_is_typed(form: ArgumentFields, typed: list) -> None:
    editor = form.editor(("password",))
    assert (editor.text(), editor.placeholderText()) == ("", VALUE["password"])
    QTest.keyClicks(editor, "x")
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    assert typed == [(("password",), "x"), (("password",), VALUE["password"])]


def test_hidden_characters_that_are_pasted_are_shown_and_kept(form: ArgumentFields, typed: list) -> None:
    QGuiApplication.clipboard().setText("pay\u200bpal\u202e")
    for path in (("path",), ("text",)):
        editor = form.editor(path)
        editor.selectAll()
        editor.paste()
    assert form.editor(("path",)).text() == "pay⟨U+200B⟩pal⟨U+202E⟩"
    assert form.editor(("text",)).toPlainText() == "pay⟨U+200B⟩pal⟨U+202E⟩"
    assert typed[-1] == (("text",), "pay\u200bpal\u202e")
    assert (("path",), "pay\u200bpal\u202e") in typed


def test_members_can_be_taken_out_and_put_in_but_not_what_is_required(form: ArgumentFields, qtbot: QtBot) -> None:
    buttons = {button.accessibleName(): button for button in form.findChildren(QToolButton)}
    assert "Take path out" not in buttons
    with qtbot.waitSignal(form.removed) as taken:
        buttons["Take tags out"].click()
    assert taken.args == [("tags",)]
    adders = [button for button in form.findChildren(QToolButton) if button.menu() is not None]
    assert [action.text() for adder in adders for action in adder.menu().actions()] == ["more", "late"]
    with qtbot.waitSignal(form.added) as put:
        adders[0].menu().actions()[0].trigger()
    assert put.args == [("deep", "more")]


def test_what_the_server_says_is_inert(form: ArgumentFields) -> None:
    label = next(label for label in form.findChildren(QLabel) if label.text() == "path")
    assert label.toolTip() == "<qt>&lt;b&gt;Where&lt;/b&gt; to⟨U+202E⟩ write</qt>"
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in form.findChildren(QLabel))
    assert form.editor(("path",)).accessibleName() == "path"


def test_arguments_without_fields_are_one_text(form: ArgumentFields, typed: list) -> None:
    many = {f"k{n}": n for n in range(100)}
    form.show_form(form_of({}, many), many, {})
    form.editor(()).setPlainText('{"k": 1}')
    assert typed == [((), {"k": 1})]


def test_a_covered_choice_is_typed(form: ArgumentFields, typed: list) -> None:
    schema, value = {"properties": {"token": {"enum": ["one", "two"]}}}, {"token": "one"}
    form.show_form(
        form_of(schema, value), {"token": "••• (3 characters hidden)"}, {("token",): "••• (3 characters hidden)"}
    )
    QTest.keyClicks(form.editor(("token",)), "two")
    assert typed[-1] == (("token",), "two")
