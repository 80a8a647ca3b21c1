"""One run of the app, from start to end: parts go in, an exit status comes out, whoever ends it and however.

All wishes to end (the menu, a signal, the desktop's session, a command, a fault) come together here and take one way.
"""

import logging

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMessageBox

from approver.ui.bridge import Bridge
from approver.ui.front import Front
from approver.ui.single_instance import SingleInstance
from approver.ui.termination import Termination

log = logging.getLogger(__name__)

LONGEST_END_MILLISECONDS = 30_000


class Session(QObject):
    """Starts the parts and ends them in order.

    Attributes:
        fault_message: What is shown where the engine failed, or None.

    Signals:
        ended: All is done; carries the exit status.
    """

    ended = Signal(int)

    def __init__(
        self, app: QApplication, bridge: Bridge, front: Front, instance: SingleInstance, termination: Termination
    ) -> None:
        super().__init__()
        self.fault_message: QMessageBox | None = None
        self._app = app
        self._bridge = bridge
        self._front = front
        self._instance = instance
        self._termination = termination
        self._status = 0
        self._is_ending = False
        self._is_stopped = False
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._took_too_long)
        bridge.failed.connect(self._failed)
        bridge.stopped.connect(self._stopped)
        front.quit_decided.connect(self.end)
        instance.show_asked.connect(front.show_main)
        termination.asked.connect(self.end)
        app.installEventFilter(self)

    def start(self, *, hidden: bool) -> None:
        """Show the windows, start the engine, hear second launches."""
        self._instance.listen()
        self._front.start(hidden=hidden)
        self._bridge.start()

    def end(self) -> None:
        """End in the written order; `ended` follows."""
        if self._is_ending:
            return
        self._is_ending = True
        self._instance.close()
        self._front.stop()
        if self.fault_message is not None:
            self.fault_message.hide()
        self._limit.start(LONGEST_END_MILLISECONDS)
        if self._is_stopped:
            self.ended.emit(self._status)
        else:
            self._bridge.stop()

    def close(self) -> None:
        """Leave nothing behind, after the end."""
        self._app.removeEventFilter(self)
        self._termination.uninstall()
        self._limit.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The desktop's session ends, or macOS's own menu says quit: not before our own order is through."""
        if watched is self._app and event.type() is QEvent.Type.Quit:
            self.end()
            return True
        return False

    def _failed(self, sentence: str) -> None:
        self._status = 1
        if self._is_ending:
            return
        self.fault_message = message = QMessageBox()
        message.setTextFormat(Qt.TextFormat.PlainText)
        message.setWindowTitle(self.tr("Approver cannot work"))
        message.setText(self.tr("Approver cannot work, so every call through it is denied."))
        message.setInformativeText(sentence)
        message.addButton(self.tr("&Quit"), QMessageBox.ButtonRole.AcceptRole)
        message.finished.connect(self.end)
        message.open()

    def _stopped(self) -> None:
        self._is_stopped = True
        if self._is_ending:
            self._limit.stop()
            self.ended.emit(self._status)

    def _took_too_long(self) -> None:
        log.error("the engine did not stop in time")
        self.ended.emit(1)
