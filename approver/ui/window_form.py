"""How the windows behave and look, as a form: the settings go in, a change of them comes out as a signal."""

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from approver.settings import ColorScheme, Window
from approver.ui.theme import em


class WindowForm(QWidget):
    """A choice each for coming to the front, and for the colours.

    Attributes:
        front: Whether the window comes to the front when a call starts to wait.
        colours: The choice of colours.

    Signals:
        changed: A key of `[window]` and its new value, as the file has it.
    """

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.front = QCheckBox(self.tr("Come to the &front, and take the keyboard, when a call starts to wait"))
        self.colours = QComboBox()
        for scheme, words in _scheme_words().items():
            self.colours.addItem(words, scheme)
        label = QLabel(self.tr("&Colours"))
        label.setBuddy(self.colours)
        self.colours.setAccessibleName(self.tr("Colours of the windows"))
        unit = em(self.font())
        row = QHBoxLayout()
        row.setSpacing(round(unit * 0.8))
        row.addWidget(label)
        row.addWidget(self.colours)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(unit * 0.6))
        layout.addWidget(self.front)
        layout.addLayout(row)
        self.front.toggled.connect(lambda wanted: self.changed.emit("raise_on_ask", wanted))
        self.colours.currentIndexChanged.connect(
            lambda _: self.changed.emit("color_scheme", self.colours.currentData().value)
        )

    def show_settings(self, window: Window) -> None:
        """Show what holds; this changes nothing."""
        with QSignalBlocker(self.front), QSignalBlocker(self.colours):
            self.front.setChecked(window.raise_on_ask)
            self.colours.setCurrentIndex(self.colours.findData(window.color_scheme))


def _scheme_words() -> dict[ColorScheme, str]:
    return {
        ColorScheme.SYSTEM: QCoreApplication.translate("ColorScheme", "As the desktop has them"),
        ColorScheme.LIGHT: QCoreApplication.translate("ColorScheme", "Light"),
        ColorScheme.DARK: QCoreApplication.translate("ColorScheme", "Dark"),
    }
