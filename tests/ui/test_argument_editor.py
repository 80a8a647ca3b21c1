"""The editor of a call's arguments: two views of one draft, problems where they belong, nothing lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from approver.ui.argument_editor import ArgumentEditor
from approver.ui.theme import own_palette

SCHEMA = {"properties": {"path": {"type": "string", "minLength": 2}, "n": {"type": "integer"}}, "required": ["path"]}
ASKED = {"path": "/a", "n": 1, "password": "hunter2", "big": 10**30, "f": -0.0}


@pytest.fixture
def editor(qtbot: QtBot) -> ArgumentEditor:
    editor = ArgumentEditor()
    qtbot.addWidget(editor)
    editor.resize(560, 600)
    editor.begin(ASKED, SCHEMA, reveal=False)
    editor.show()
    return editor


def type_line(editor: ArgumentEditor, name: str, text: str) -> None:
    field = editor.form.editor((name,))
    field.setText(text)
    field.textEdited.emit(text)


def listed(editor: ArgumentEditor) -> list[str]:
    found = editor.findChild(QListWidget)
    return [found.item(row).text() for row in range(found.count())] if found.isVisible() else []


def test_without_a_change_nothing_is_sent_otherwise(editor: ArgumentEditor) -> None:
    assert editor.is_editing
    assert editor.judged.arguments is None
    assert (editor.fault, listed(editor)) == ("", [])


def test_an_edit_is_told_and_the_rest_stays_to_the_letter(editor: ArgumentEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.edited):
        type_line(editor, "path", "/b")
    assert repr(editor.judged.arguments) == repr({**ASKED, "path": "/b"})
    assert editor.fault == ""


def test_what_does_not_fit_stands_below_and_keeps_it_from_being_sent(editor: ArgumentEditor) -> None:
    type_line(editor, "path", "x")
    assert editor.fault == "Mend 1 problem first"
    assert listed(editor) == ["/path: must have at least 2 characters."]
    type_line(editor, "n", "x")
    assert editor.fault == "Mend 2 problems first"
    type_line(editor, "n", "2")
    type_line(editor, "path", "/b")
    assert (editor.fault, listed(editor)) == ("", [])


def test_both_views_are_of_one_draft(editor: ArgumentEditor) -> None:
    type_line(editor, "path", "/b")
    editor._as_json.click()
    text = editor.text.toPlainText()
    assert '"path": "/b"' in text
    assert "hunter2" not in text
    assert "1000000000000000000000000000000" in text
    editor.text.document().setPlainText(text.replace("/b", "/c"))
    editor._as_form.click()
    assert editor.form.editor(("path",)).text() == "/c"
    assert repr(editor.judged.arguments) == repr({**ASKED, "path": "/c"})


def test_broken_json_is_told_with_line_and_column_and_keeps_its_view(editor: ArgumentEditor) -> None:
    editor._as_json.click()
    editor.text.document().setPlainText('{"path": "/a",}')
    assert editor.fault == "Mend 1 problem first"
    assert listed(editor)[0].startswith("line 1, column 14: not JSON: a comma stands before the end.")
    editor._as_form.click()
    assert editor._as_json.isChecked()
    assert editor.text.isVisible()
    problem = editor.findChild(QListWidget).item(0)
    editor.findChild(QListWidget).itemClicked.emit(problem)
    assert editor.text.textCursor().position() == 13


def test_a_broken_field_keeps_its_view(editor: ArgumentEditor) -> None:
    type_line(editor, "n", "x")
    editor._as_json.click()
    assert editor._as_form.isChecked()
    assert editor.form.editor(("n",)).text() == "x"
    assert editor.fault == "Mend 1 problem first"


def test_a_problem_in_json_has_the_place_of_its_value(editor: ArgumentEditor) -> None:
    editor._as_json.click()
    editor.text.document().setPlainText('{\n  "path": "x"\n}')
    assert listed(editor) == ["line 2, column 11: /path: must have at least 2 characters."]


def test_a_click_on_a_problem_leads_to_its_field(editor: ArgumentEditor, qtbot: QtBot) -> None:
    editor.activateWindow()
    qtbot.waitUntil(editor.isActiveWindow)
    type_line(editor, "path", "x")
    found = editor.findChild(QListWidget)
    found.itemActivated.emit(found.item(0))
    assert editor.form.editor(("path",)).hasFocus()
    editor._go_to(99)


def test_members_come_and_go(editor: ArgumentEditor) -> None:
    editor.form.removed.emit(("n",))
    assert "n" not in editor.judged.arguments
    assert editor.form.editor(("n",)) is None
    editor.form.added.emit(("n",))
    assert editor.form.editor(("n",)).text() == "0"
    assert editor.judged.arguments["n"] == 0


def test_covers_come_off_and_go_on_without_a_change(editor: ArgumentEditor) -> None:
    type_line(editor, "path", "/b")
    editor.set_revealing(True)
    assert editor.form.editor(("password",)).text() == "hunter2"
    editor.set_revealing(False)
    assert editor.form.editor(("password",)).placeholderText() == "••• (7 characters hidden)"
    assert repr(editor.judged.arguments) == repr({**ASKED, "path": "/b"})


def test_without_a_schema_there_is_json_alone_until_one_is_known(editor: ArgumentEditor) -> None:
    editor.begin(ASKED, {}, reveal=False)
    assert editor.text.isVisible()
    assert not editor._as_form.isVisible()
    editor.set_schema(SCHEMA)
    assert editor.form.isVisible()
    editor._as_json.click()
    editor.text.document().setPlainText("{")
    editor.set_schema({"properties": {}})
    assert editor.text.toPlainText() == "{", "what was typed stays"


def test_a_schema_that_cannot_be_used_is_told(editor: ArgumentEditor) -> None:
    editor.begin(ASKED, {"$ref": "http://evil.example/"}, reveal=False)
    assert "faulty" in editor._note.text()
    assert editor._note.isVisible()


def test_a_refusal_of_the_rules_is_told_until_something_is_typed(editor: ArgumentEditor) -> None:
    type_line(editor, "path", "/etc/x")
    editor.set_refusal("The rules do not let the edited call through: Not there.")
    assert editor.fault.endswith("Not there.")
    assert listed(editor) == ["The rules do not let the edited call through: Not there."]
    type_line(editor, "path", "/b")
    assert editor.fault == ""


def test_it_is_walked_and_entered_by_the_keyboard(editor: ArgumentEditor, qtbot: QtBot) -> None:
    editor.activateWindow()
    qtbot.waitUntil(editor.isActiveWindow)
    editor.focus()
    assert editor.form.editor(("path",)).hasFocus()
    editor._as_json.click()
    editor.focus()
    assert editor.text.hasFocus()


def test_the_end_forgets_the_draft(editor: ArgumentEditor) -> None:
    editor.end()
    assert (editor.is_editing, editor.draft, editor.judged, editor.fault) == (False, None, None, "")
    editor.set_schema(SCHEMA)
    editor.set_revealing(True)
    editor.focus()
    editor._value_edited(("path",), "x")
    assert editor.judged is None


def test_other_colours_dress_the_json(editor: ArgumentEditor) -> None:
    before = QGuiApplication.palette()
    try:
        QGuiApplication.setPalette(own_palette(dark=True))
        editor._as_json.click()
        assert editor.text.isVisible()
    finally:
        QGuiApplication.setPalette(before)
    assert editor.testAttribute(Qt.WidgetAttribute.WA_WState_Created)
