"""Asks for a secret's name and value; `chosen` hands them over. The value is never shown, and forgotten at once."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from approver.secrets import name_mistake
from approver.ui.announcements import announce
from approver.ui.headings import field_name
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.visible import make_visible


class SecretDialog(QDialog):
    """A window over the main one. No button is the default one; Ctrl+Enter keeps.

    Attributes:
        name, value: The fields; the name is fixed where a value is replaced.

    Signals:
        chosen: A name and a value.
    """

    chosen = Signal(str, str)

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keep a secret - Approver"))
        self.name = QLineEdit(name)
        self.value = QLineEdit()
        self._words = PlainLabel(role="warning")
        self._do = QPushButton(self.tr("&Keep"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._lay_out(is_new=not name)
        self.say("")

    def say(self, sentence: str) -> None:
        """Say what is wrong; empty: nothing is. Whatever is said, one may try again."""
        self._words.setText(make_visible(sentence))
        self._words.setVisible(bool(sentence))
        self._do.setEnabled(True)
        if sentence:
            announce(self, self._words.text())

    def finish(self) -> None:
        """Hand over what was typed, or say what is wrong with it."""
        name = self.name.text().strip()
        if mistake := name_mistake(name):
            self.say(self.tr("Nothing was stored: {mistake}.").format(mistake=mistake))
        elif not self.value.text():
            self.say(self.tr("Nothing was stored: the value is empty."))
        elif self._do.isEnabled():
            self.say("")
            self._do.setEnabled(False)
            self.chosen.emit(name, self.value.text())

    def done(self, result: int) -> None:
        """Close, and forget the value."""
        self.value.clear()
        super().done(result)

    def _lay_out(self, *, is_new: bool) -> None:
        unit = em(self.font())
        self.name.setReadOnly(not is_new)
        self.value.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout()
        form.setHorizontalSpacing(round(unit * 0.8))
        form.setVerticalSpacing(round(unit * 0.6))
        for text, field in ((self.tr("&Name:"), self.name), (self.tr("&Value:"), self.value)):
            label = field_name(text, field)
            field.textEdited.connect(lambda _: self.say(""))
            form.addRow(label, field)
        for button in (self._do, self._cancel):
            button.setAutoDefault(False)
        self._do.clicked.connect(self.finish)
        self._cancel.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.finish)
        about = self.tr("The value goes into the system's keyring and is never shown again. Servers name it as ${…}.")
        about = about.replace("${…}", "${keyring:NAME}")
        foot = QHBoxLayout()
        foot.setSpacing(round(unit * 0.6))
        foot.addStretch()
        foot.addWidget(self._cancel)
        foot.addWidget(self._do)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        layout.addWidget(PlainLabel(about, role="muted"))
        layout.addLayout(form)
        layout.addWidget(self._words)
        layout.addStretch()
        layout.addLayout(foot)
        self.resize(round(unit * 34), round(unit * 16))
        (self.name if is_new else self.value).setFocus()
