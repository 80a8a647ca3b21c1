"""Which language the windows speak, as a choice: the setting goes in, a change of it comes out as a signal."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from approver.settings import Language
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em

_OWN_NAMES = {Language.ENGLISH: "English", Language.GERMAN: "Deutsch"}
"""As those who speak it call it, so that they find it in any language."""


class LanguageChoice(QWidget):
    """The languages that there are, and what the system wants.

    Attributes:
        languages: The choice.

    Signals:
        changed: The choice, as the file has it.
    """

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.languages = QComboBox()
        self.languages.addItem(self.tr("As the system has it"), Language.SYSTEM)
        for language, name in _OWN_NAMES.items():
            self.languages.addItem(name, language)
        self.languages.setAccessibleName(self.tr("Language of the windows"))
        self.languages.currentIndexChanged.connect(lambda _: self.changed.emit(self.languages.currentData().value))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(em(self.font()) * 1.2))
        layout.addWidget(self.languages)
        layout.addWidget(PlainLabel(self.tr("Another one takes effect when Approver starts again."), role="muted"), 1)

    def show_language(self, language: Language) -> None:
        """Show what holds; this changes nothing."""
        with QSignalBlocker(self.languages):
            self.languages.setCurrentIndex(self.languages.findData(language))
