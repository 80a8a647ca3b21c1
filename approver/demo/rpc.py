"""The client's end of the protocol, as small as a real client can be: JSON-RPC lines to and from a process it launches.

Standard library only, like the client programs it stands for. A request goes out, replies come back through a reading
thread; notifications that arrive meanwhile go to `on_notification`.
"""

import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

REPLY_SECONDS = 300
ENDING_SECONDS = 10
VERSION = "2025-11-25"


class ConnectionLost(Exception):
    """The launched process ended, or stopped answering."""


class Client:
    """One connection to one server; a context manager that launches and ends the process."""

    def __init__(self, command: Sequence[str], on_notification: Callable[[Mapping[str, Any]], None]) -> None:
        self._command = command
        self._on_notification = on_notification
        self._replies: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._last_id = 0

    def __enter__(self) -> "Client":
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._reader = threading.Thread(target=self._read, name="replies", daemon=True)
        self._reader.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Close the process's input, which is how a client says goodbye; end it where that is not enough."""
        with contextlib.suppress(OSError):
            self._input.close()
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(ENDING_SECONDS)
        self._reader.join(ENDING_SECONDS)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def initialize(self, name: str) -> dict[str, Any]:
        """Shake hands; the server's answer."""
        asked = {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": {"name": name, "version": "1.0.0"}}
        result = self.request("initialize", asked)
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return result

    def request(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its result."""
        self._last_id += 1
        self._send({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})
        while True:
            try:
                reply = self._replies.get(timeout=REPLY_SECONDS)
            except queue.Empty:
                raise ConnectionLost(f"no answer to {method} within {REPLY_SECONDS} seconds") from None
            if reply is None:
                raise ConnectionLost(f"{self._command[0]} ended before it answered {method}")
            if reply.get("id") == self._last_id:
                break
        if "error" in reply:
            raise ConnectionLost(f"{method} failed: {reply['error'].get('message')}")
        result: dict[str, Any] = reply["result"]
        return result

    @property
    def _input(self) -> Any:
        return self._process.stdin

    def _send(self, message: Mapping[str, Any]) -> None:
        try:
            self._input.write(json.dumps(message) + "\n")
            self._input.flush()
        except OSError as fault:
            raise ConnectionLost(f"{self._command[0]} does not read any more: {fault}") from fault

    def _read(self) -> None:
        for line in self._process.stdout or ():
            message = json.loads(line)
            if "method" not in message:
                self._replies.put(message)
            elif "id" not in message:
                self._on_notification(message)
        self._replies.put(None)
