"""A line in which a page says what became of a wish, or why nothing did: also to those who hear it."""

from PySide6.QtWidgets import QWidget

from approver.ui.announcements import announce
from approver.ui.plain_label import PlainLabel
from approver.visible import make_visible


class WordsLine(PlainLabel):
    """Hidden while there is nothing to say.

    Attributes: none of its own.

    Signals: none of its own.
    """

    def __init__(self, speaks_for: QWidget) -> None:
        super().__init__(role="muted")
        self._speaks_for = speaks_for
        self.hide()

    def say(self, sentence: str, *, is_fault: bool = False) -> None:
        """Say this, in place of what was said before; nothing: say no more."""
        shown = make_visible(sentence)
        if shown != self.text() and shown:
            announce(self._speaks_for, shown)
        self.set_role("warning" if is_fault else "muted")
        self.setText(shown)
        self.setVisible(bool(shown))
