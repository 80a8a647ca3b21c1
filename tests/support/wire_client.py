"""A client of raw JSON-RPC lines, without any SDK, that remembers every message the server sent, in order.

Requests go down a child's stdin; a thread reads its stdout, answers what the server asks (sampling, elicitation, roots)
and keeps the rest for whoever waits. A line that is no JSON is kept apart, as real clients do.
"""

import contextlib
import json
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

Message = dict[str, Any]
Answerer = Callable[[Message], Any]
"""Takes a server's request; returns the result, or None to stay silent, or raises `Refusal` for a JSON-RPC error."""


class Refusal(Exception):
    """What an answerer raises to answer with a JSON-RPC error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Closed(Exception):
    """The server's stdout ended before the answer came."""


class WireClient:
    """One connection to a stdio server: a child process of this one."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        answerers: Mapping[str, Answerer] | None = None,
    ) -> None:
        self.heard: list[Message] = []
        self.not_json: list[str] = []
        self._answerers = dict(answerers or {})
        self._changed = threading.Condition()
        self._closed = False
        self._next_id = 0
        self._writing = threading.Lock()
        self._errors = (cwd / "stderr.txt").open("ab")
        self.process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env=dict(env), cwd=cwd
        )
        self._reader = threading.Thread(target=self._read, name="wire client reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> "WireClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send_line(self, line: bytes) -> None:
        """Write one line as it is, right or wrong."""
        with self._writing:
            self.process.stdin.write(line + b"\n")
            self.process.stdin.flush()

    def send(self, message: Message) -> None:
        """Write one message."""
        self.send_line(json.dumps(message).encode())

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.send({"jsonrpc": "2.0", "method": method} | ({} if params is None else {"params": params}))

    def start(self, method: str, params: Any = None) -> int:
        """Send a request and return its id at once."""
        self._next_id += 1
        message = {"jsonrpc": "2.0", "id": self._next_id, "method": method}
        self.send(message | ({} if params is None else {"params": params}))
        return self._next_id

    def answer_to(self, request_id: Any, within: float = 20.0) -> Message:
        """Wait for the response to a request."""
        return self.wait_for(
            lambda m: "method" not in m and m.get("id") == request_id, f"an answer to {request_id}", within
        )

    def request(self, method: str, params: Any = None, within: float = 20.0) -> Message:
        """Send a request and wait for its response: the whole message, result or error."""
        return self.answer_to(self.start(method, params), within)

    def call(self, tool: str, arguments: Any = None, *, within: float = 20.0, meta: Any = None) -> Message:
        """Call a tool; return the whole response."""
        return self.answer_to(self.start_call(tool, arguments, meta=meta), within)

    def start_call(self, tool: str, arguments: Any = None, *, meta: Any = None) -> int:
        """Call a tool without waiting; return the request's id."""
        params = {"name": tool, "arguments": {} if arguments is None else arguments}
        return self.start("tools/call", params if meta is None else params | {"_meta": meta})

    def initialize(self, revision: str = "2025-11-25", capabilities: Any = None, name: str = "wire-client") -> Message:
        """Shake hands; return the response to `initialize`."""
        info = {"name": name, "version": "1"}
        params = {"protocolVersion": revision, "capabilities": capabilities or {}, "clientInfo": info}
        answer = self.request("initialize", params, within=40)
        self.notify("notifications/initialized")
        return answer

    def wait_for(self, suits: Callable[[Message], bool], what: str, within: float = 20.0, *, count: int = 1) -> Message:
        """Wait until `count` messages that suit were heard, earlier ones included; return the last of them."""
        deadline = time.monotonic() + within
        with self._changed:
            while True:
                found = [message for message in self.heard if suits(message)]
                if len(found) >= count:
                    return found[count - 1]
                if self._closed:
                    raise Closed(f"the server closed its stdout; still missing: {what}")
                if not self._changed.wait(deadline - time.monotonic()) and time.monotonic() >= deadline:
                    raise AssertionError(f"after {within:g} s still missing: {what}")

    def notifications(self, method: str) -> list[Message]:
        """Return what was heard of one kind of notification."""
        with self._changed:
            return [message for message in self.heard if message.get("method") == method]

    def close(self, within: float = 2.0) -> int:
        """Leave as clients do: close the server's stdin, and terminate it where it stays all the same."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.terminate()
        status = self.process.wait(within)
        self._reader.join(within)
        if not self._reader.is_alive():  # closing a pipe under a read that waits would wait as well
            self.process.stdout.close()
        self._errors.close()
        return status

    def _read(self) -> None:
        for line in self.process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                self.not_json.append(line.decode(errors="replace").rstrip())
                continue
            with self._changed:
                self.heard.append(message)
                self._changed.notify_all()
            if "method" in message and "id" in message:
                self._answer(message)
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _answer(self, message: Message) -> None:
        answer: Message = {"jsonrpc": "2.0", "id": message["id"]}
        answerer = self._answerers.get(message["method"], _no_such_method)
        try:
            result = answerer(message)
        except Refusal as refusal:
            answer["error"] = {"code": refusal.code, "message": refusal.message}
        else:
            if result is None:
                return
            answer["result"] = result
        self.send(answer)


def _no_such_method(_request: Message) -> Any:
    raise Refusal(-32601, "Method not found")
