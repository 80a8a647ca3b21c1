"""How the windows behave and look, chosen by hand."""

from pytestqt.qtbot import QtBot

from approver.settings import ColorScheme, Window
from approver.ui.window_form import WindowForm


def test_a_choice_is_told_as_the_file_has_it_and_showing_one_tells_nothing(qtbot: QtBot) -> None:
    form = WindowForm()
    qtbot.addWidget(form)
    heard: list[tuple[str, object]] = []
    form.changed.connect(lambda key, value: heard.append((key, value)))
    form.show_settings(Window(raise_on_ask=True, color_scheme=ColorScheme.DARK))
    assert (form.front.isChecked(), form.colours.currentText(), heard) == (True, "Dark", [])
    form.front.click()
    form.colours.setCurrentIndex(0)
    assert heard == [("raise_on_ask", False), ("color_scheme", "system")]
