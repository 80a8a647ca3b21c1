"""SIGTERM and SIGINT as a Qt signal: Python's handlers wait for bytecode, and Qt's sleeping loop runs none."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Termination(QObject):
    """Listens while it is installed.

    Attributes: none of its own.

    Signals:
        asked: The system, a terminal or a person wants the app to end.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._here, self._there = socket.socketpair()
        for end in (self._here, self._there):
            end.setblocking(False)
        self._before = {number: signal.signal(number, self._handle) for number in SIGNALS}
        self._wakeup_before = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def uninstall(self) -> None:
        """Put back what was there before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        for end in (self._here, self._there):
            end.close()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        """Nothing: the byte that the handler's being due wrote has woken the notifier."""

    @Slot()
    def _woken(self) -> None:
        received = self._here.recv(64)
        if any(number in received for number in SIGNALS):
            self.asked.emit()
