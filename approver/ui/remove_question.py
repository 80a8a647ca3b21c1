"""Asks before something is taken away for good: what and its consequences go in, `accepted` comes out, or nothing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from approver.visible import make_visible


class RemoveQuestion(QMessageBox):
    """A message with two verbs. Enter and Esc keep everything as it is.

    Attributes:
        remove_button, keep_button: The two answers.

    Signals: none of its own; `accepted` means remove.
    """

    def __init__(self, title: str, consequences: str, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setWindowTitle(make_visible(title))
        self.setText(make_visible(title))
        self.setInformativeText(make_visible(consequences, newlines=True))
        self.remove_button = self.addButton(verb, QMessageBox.ButtonRole.DestructiveRole)
        self.keep_button = self.addButton(self.tr("&Keep it"), QMessageBox.ButtonRole.RejectRole)
        self.remove_button.setAutoDefault(False)
        self.setDefaultButton(self.keep_button)
        self.setEscapeButton(self.keep_button)
        self.remove_button.clicked.connect(self.accept)
