"""Asks before quitting denies waiting calls: a count goes in, `accepted` comes out, or nothing happens."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class QuitQuestion(QMessageBox):
    """A message with two verbs. Enter and Esc keep Approver running.

    Attributes:
        quit_button, stay_button: The two answers.

    Signals: none of its own; `accepted` means quit.
    """

    def __init__(self, waiting: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Quit Approver?"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setIcon(QMessageBox.Icon.NoIcon)
        if waiting == 1:
            self.setText(self.tr("1 waiting call will be denied."))
        else:
            self.setText(self.tr("{count} waiting calls will be denied.").format(count=waiting))
        self.setInformativeText(self.tr("Until Approver runs again, every call through it is refused."))
        self.quit_button = self.addButton(self.tr("&Deny and quit"), QMessageBox.ButtonRole.DestructiveRole)
        self.stay_button = self.addButton(self.tr("&Keep running"), QMessageBox.ButtonRole.RejectRole)
        self.quit_button.setAutoDefault(False)
        self.setDefaultButton(self.stay_button)
        self.setEscapeButton(self.stay_button)
        self.quit_button.clicked.connect(self.accept)
