"""Looks that follow the desktop."""

from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QTimeEdit, QWidget
from pytestqt.qtbot import QtBot

from approver.settings import ColorScheme
from approver.ui.theme import Theme, em, inset, monospace, own_palette, scaled


def test_another_palette_changes_the_style_sheet_and_is_told(qtbot: QtBot, qapp: QApplication) -> None:
    before, sheet = QPalette(qapp.palette()), qapp.styleSheet()
    theme = Theme(qapp, ColorScheme.LIGHT)
    try:
        with qtbot.waitSignal(theme.changed):
            qapp.setPalette(own_palette(dark=True))
        assert theme.colours.is_dark
        assert qapp.styleSheet() != sheet
    finally:
        qapp.removeEventFilter(theme)
        qapp.setPalette(before)
        qapp.setStyleSheet(sheet)
        theme.deleteLater()


def test_light_or_dark_is_chosen_while_it_runs(qtbot: QtBot, qapp: QApplication) -> None:
    before, sheet = QPalette(qapp.palette()), qapp.styleSheet()
    qapp.setPalette(qapp.style().standardPalette())  # of a desktop that gives none of its own
    theme = Theme(qapp, ColorScheme.LIGHT)
    try:
        with qtbot.waitSignal(theme.changed):
            theme.choose(ColorScheme.DARK)
        assert theme.colours.is_dark
        with qtbot.waitSignal(theme.changed):
            theme.choose(ColorScheme.LIGHT)
        assert not theme.colours.is_dark
        with qtbot.assertNotEmitted(theme.changed):
            theme.choose(ColorScheme.LIGHT)
        theme.choose(ColorScheme.SYSTEM)
    finally:
        qapp.removeEventFilter(theme)
        qapp.setPalette(before)
        qapp.setStyleSheet(sheet)
        theme.deleteLater()


def test_larger_text_makes_larger_shapes(qtbot: QtBot, qapp: QApplication) -> None:
    before, sheet = QFont(qapp.font()), qapp.styleSheet()
    theme = Theme(qapp)
    try:
        qapp.setFont(scaled(before, 1.5))
        qtbot.waitUntil(lambda: qapp.styleSheet() != sheet)
    finally:
        qapp.setFont(before)
        qapp.removeEventFilter(theme)
        qapp.setStyleSheet(sheet)
        theme.deleteLater()


def test_fonts_are_scaled_in_whichever_unit_they_have(qtbot: QtBot) -> None:
    points, pixels = QFont(), QFont()
    points.setPointSizeF(10)
    pixels.setPixelSize(10)
    assert scaled(points, 1.5).pointSizeF() == 15
    assert scaled(pixels, 1.5, QFont.Weight.Bold).pixelSize() == 15
    assert scaled(pixels, 1.5, QFont.Weight.Bold).bold()


def test_the_monospaced_font_is_as_large_as_the_text_around(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    font = widget.font()
    font.setPixelSize(23)
    widget.setFont(font)
    assert monospace(widget).pixelSize() == 23
    assert em(monospace(widget)) > 0


def test_a_spin_box_s_text_is_kept_off_its_edge(qtbot: QtBot) -> None:
    box = QTimeEdit()
    qtbot.addWidget(box)
    inset(box)
    field = box.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.textMargins().left() > 0
