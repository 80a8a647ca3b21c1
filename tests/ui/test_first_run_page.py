"""What every page has."""

from pathlib import Path

from first_run_room import machine
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from approver.ui.first_run_page import FirstRunPage, cleared


def test_a_page_has_a_heading_an_explanation_and_room(qtbot: QtBot, tmp_path: Path) -> None:
    page = FirstRunPage(machine(tmp_path), "Heading", "<b>as it stands</b>")
    qtbot.addWidget(page)
    page.body.addWidget(QPushButton("x"))
    page.refresh()
    texts = [label.text() for label in page.findChildren(QLabel)]
    assert texts == ["Heading", "<b>as it stands</b>"]
    assert page.indent() > 0


def test_a_layout_is_cleared_with_what_is_inside_of_it(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout, inner = QVBoxLayout(widget), QVBoxLayout()
    layout.addWidget(QPushButton("a"))
    layout.addLayout(inner)
    inner.addWidget(QPushButton("b"))
    cleared(layout)
    assert layout.count() == 0 and inner.count() == 0
