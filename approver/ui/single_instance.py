"""One Approver a person: a second launch hands its wish to the first, which shows itself, and ends.

Over a local socket in the run folder, which only the person can open, goes one JSON line each way:

    {"version": 1, "command": "show", "activation": TOKEN}   ->   {"version": 1, "ok": true}

It can only ask for a window to be shown. Who runs the engine is decided by the engine's own lock, never here.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from approver.ui.activation import use_activation

log = logging.getLogger(__name__)

VERSION = 1
SOCKET_NAME = "windows.sock"
LONGEST_LINE = 10_000
PATIENCE_MILLISECONDS = 2000
_TOKEN_VARIABLES = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


def show_running(folder: Path, environment: Mapping[str, str]) -> bool:
    """Ask an Approver that runs already to show itself; tells whether one did.

    The desktop gives a launched program a token that lets its window come to the front; it is handed on.
    """
    socket = QLocalSocket()
    socket.connectToServer(str(folder / SOCKET_NAME))
    if not socket.waitForConnected(PATIENCE_MILLISECONDS):
        return False
    token = next((environment[name] for name in _TOKEN_VARIABLES if environment.get(name)), "")
    socket.write(_line({"version": VERSION, "command": "show", "activation": token}))
    answered = socket.waitForBytesWritten(PATIENCE_MILLISECONDS) and socket.waitForReadyRead(PATIENCE_MILLISECONDS)
    reply = _parsed(bytes(socket.readLine(LONGEST_LINE).data())) if answered else {}
    socket.abort()
    return reply.get("ok") is True


class SingleInstance(QObject):
    """Listens for second launches.

    Attributes: none of its own.

    Signals:
        show_asked: A second launch wants the window in view.
    """

    show_asked = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = folder / SOCKET_NAME
        self._server = QLocalServer(self)
        self._server.newConnection.connect(self._accept)

    def listen(self) -> bool:
        """Begin. Call it only after `show_running` said that nobody listens: what is left there is removed."""
        # Not QLocalServer.UserAccessOption: it hides «address in use» (QTBUG-48635). The folder is private already.
        listens = self._server.listen(str(self._path))
        if not listens:
            QLocalServer.removeServer(str(self._path))
            listens = self._server.listen(str(self._path))
        if not listens:
            log.warning("second launches cannot reach this one: %s", self._server.errorString())
            return False
        if self._path.exists():  # Windows has pipes instead, which no folder lists
            self._path.chmod(0o600)
        return True

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._answer(socket)

    def _read(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket):
            return
        if socket.canReadLine():
            self._answer(socket)
        elif socket.bytesAvailable() > LONGEST_LINE:
            socket.abort()

    def _answer(self, socket: QLocalSocket) -> None:
        message = _parsed(bytes(socket.readLine(LONGEST_LINE).data()))
        understood = message.get("version") == VERSION and message.get("command") == "show"
        socket.write(_line({"version": VERSION, "ok": understood}))
        socket.disconnectFromServer()
        if understood:
            token = message.get("activation")
            if isinstance(token, str):
                use_activation(token)
            self.show_asked.emit()


def _line(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _parsed(line: bytes) -> Mapping[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
