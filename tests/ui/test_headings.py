"""Titles and names of fields."""

from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from approver.ui.headings import field_name, page_title, part_title


def test_a_page_s_title_is_larger_than_a_part_s_and_as_high_as_a_button(qtbot: QtBot) -> None:
    page, part, button = page_title("<b>Log</b>"), part_title("Recent calls"), QPushButton("Export…")
    for widget in (page, part, button):
        qtbot.addWidget(widget)
    assert page.fontMetrics().height() > part.fontMetrics().height() > button.fontMetrics().height()
    assert page.minimumHeight() >= button.sizeHint().height()
    assert page.text() == "<b>Log</b>"


def test_the_letter_of_a_name_goes_to_its_field(qtbot: QtBot) -> None:
    field = QLineEdit()
    label = field_name("&Name of the client:", field)
    for widget in (field, label):
        qtbot.addWidget(widget)
    assert label.buddy() is field
    assert field.accessibleName() == "Name of the client"
