"""What commands find at the engine's socket: it notes what they ask, and answers as a test says."""

import json
import os
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


class FakeApp:
    """Listens in a home of its own, which APPROVER_HOME names while it is open."""

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="ap-")
        self.home = Path(self._home.name)
        (self.home / "run").mkdir()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        """Every command, and its arguments."""
        self.answers: dict[str, Callable[[dict[str, Any]], Any]] = {}
        """For each command what it is answered: an object, or bytes as they are; `{"ok": true}` where there is none."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(self.home / "run" / "engine.sock"))
        self._socket.listen()
        self._before = os.environ.get("APPROVER_HOME")
        os.environ["APPROVER_HOME"] = str(self.home)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                if not (line := lines.readline()):
                    return
                greeting = json.loads(line)
                assert (greeting["approver"], greeting["role"]) == (1, "control")
                self.asked.append((greeting["command"], greeting["arguments"]))
                answer = self.answers.get(greeting["command"], lambda _: {"ok": True})(greeting["arguments"])
                connection.sendall(answer if isinstance(answer, bytes) else json.dumps(answer).encode() + b"\n")

    def close(self) -> None:
        """Stop listening."""
        with socket.socket(socket.AF_UNIX) as last:  # an accept that waits does not hear of a close
            last.connect(str(self.home / "run" / "engine.sock"))
        self._thread.join(5)
        self._socket.close()
        if self._before is not None:
            os.environ["APPROVER_HOME"] = self._before
        self._home.cleanup()
