"""Says that a file was changed elsewhere while its text was edited here, and has the person choose between the two."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from approver.ui.plain_label import PlainLabel


class ChangedBanner(QWidget):
    """A sentence and two buttons; hidden at first.

    Attributes:
        load, keep: The two ways.

    Signals: none of its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.load = QPushButton(self.tr("&Load the file"))
        self.keep = QPushButton(self.tr("&Keep mine"))
        words = self.tr(
            "The file was changed elsewhere while you were editing. Nothing is overwritten until you choose."
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(PlainLabel(words, role="warning"), 1)
        layout.addWidget(self.load)
        layout.addWidget(self.keep)
        self.hide()
