"""The end of a server's log, as it grows: a file goes in, its last lines come out."""

import os
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from approver.ui.marks import drawable
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em, monospace
from approver.visible import make_visible

TAIL_BYTES = 64 * 1024
LOOK_MILLISECONDS = 1000


class ServerOutput(QWidget):
    """Shows the end of one file, and follows it while it is seen.

    Attributes:
        text: The lines.

    Signals: none of its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._seen: tuple[int, int] | None = None
        self.text = QPlainTextEdit()
        self._words = PlainLabel(role="muted")
        self._sometime = QTimer(self, interval=LOOK_MILLISECONDS)
        self._sometime.timeout.connect(self.look)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("The server's log"))
        self.text.setProperty("role", "block")
        self.text.setFont(monospace(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, round(em(self.font()) * 0.7), 0, 0)
        layout.setSpacing(round(em(self.font()) * 0.6))
        layout.addWidget(self._words)
        layout.addWidget(self.text, 1)

    def set_file(self, path: Path | None) -> None:
        """Show the end of this file."""
        if path != self._path:
            self._path, self._seen = path, None
            self.text.clear()
            self.look()

    def look(self) -> None:
        """Read what is new."""
        try:
            stamp, tail = _tail(self._path, self._seen)
        except OSError as fault:
            self._seen = None
            self.text.clear()
            missing = self.tr("It has printed nothing yet: it was not started since it was added.")
            no = self.tr("The log cannot be read: {reason}.").format(reason=fault.strerror or str(fault))
            self._words.setText(missing if isinstance(fault, FileNotFoundError) else no)
            return
        self._words.setText(self.tr("What the server printed beside the protocol, and when it came and went."))
        if tail is not None:
            self._seen = stamp
            self._put(tail)

    def _put(self, tail: str) -> None:
        bar = self.text.verticalScrollBar()
        was_at_end, before = bar.value() >= bar.maximum(), bar.value()
        font = self.text.font()
        self.text.setPlainText("\n".join(drawable(make_visible(line), font) for line in tail.splitlines()))
        bar.setValue(bar.maximum() if was_at_end else before)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the file while it is seen."""
        super().showEvent(event)
        self.look()
        self._sometime.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._sometime.stop()


def _tail(path: Path | None, seen: tuple[int, int] | None) -> tuple[tuple[int, int], str | None]:
    """The file's stamp and its end; no end where the stamp is the one seen. Raises `OSError`."""
    if path is None:
        return (0, 0), ""
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        stamp = (found.st_mtime_ns, found.st_size)
        if stamp == seen:
            return stamp, None
        file.seek(max(0, found.st_size - TAIL_BYTES))
        data = file.read(TAIL_BYTES)
    if found.st_size > TAIL_BYTES:
        data = data.partition(b"\n")[2]  # the first line is not whole
    return stamp, data.decode("utf-8", "replace")
