"""A real call through everything: shim, engine, rules, the dialog, a server and back. It does nothing.

    test server and its rule into the configuration ──> approver connect ──> the person answers ──> what came back

Afterwards the test server and its rule are taken out again. All of it blocks: run it in a thread.
"""

import enum
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approver.clients.planning import Way
from approver.configuration_edits import EditRefused, add_server, read_servers, remove_server
from approver.demo.rpc import Client, ConnectionLost
from approver.desktop.paths import Paths
from approver.first_run.trial_server import NAME, TOOL
from approver.model import StdioServer
from approver.own_files import write_json

CLIENT = "Approver's test"
POLICY: Mapping[str, Any] = {
    "version": "1",
    "default": "deny",
    "tools": {TOOL: {"require_approval": [{"conditions": [], "reason": "This is the test call that you sent."}]}},
}
_PENDING, _EXPIRED = "[APPROVAL PENDING]", "[APPROVAL EXPIRED]"
_MOST_TRIES, _PAUSE_SECONDS = 40, 0.25
_MOST_REPEATS = 30


class CallEnd(enum.Enum):
    """How the test call ended."""

    ALLOWED = "allowed"
    DENIED = "denied"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CallResult:
    """What came back."""

    end: CallEnd
    text: str


def send_trial_call(paths: Paths, way: Way) -> CallResult:
    """Make the call and wait for the person's answer. Never raises."""
    try:
        _set_up(paths)
        try:
            return _result(_call(way))
        finally:
            take_down(paths)
    except (ConnectionLost, EditRefused, OSError) as fault:
        return CallResult(CallEnd.FAILED, str(fault))


def take_down(paths: Paths) -> None:
    """Remove the test server and its rule, also those that an earlier test left."""
    if NAME in read_servers(paths):
        remove_server(paths, NAME)
    (paths.policies / f"{NAME}.json").unlink(missing_ok=True)


def _set_up(paths: Paths) -> None:
    paths.create()
    write_json(paths.policies / f"{NAME}.json", POLICY)
    server = StdioServer(NAME, sys.executable, ("-m", "approver.first_run.trial_server"))
    add_server(paths, server, replace=True)


def _call(way: Way) -> str:
    """The text of the answer. The engine notices the new server in a moment, so the first tries may come too early."""
    for last in (False,) * _MOST_TRIES + (True,):
        with Client((*way.command, "connect", NAME, "--client", CLIENT), lambda notification: None) as client:
            try:
                client.initialize(CLIENT)
            except ConnectionLost:
                if last:
                    raise
            else:
                return _answered(client)
        time.sleep(_PAUSE_SECONDS)
    raise ConnectionLost("the engine does not know the test server")


def _answered(client: Client) -> str:
    text = _PENDING
    arguments = {"text": "Hello! Allow this call, or deny it: nothing happens either way."}
    for _ in range(_MOST_REPEATS):
        result = client.request("tools/call", {"name": TOOL, "arguments": arguments})
        text = "".join(str(block.get("text", "")) for block in result.get("content", ()))
        if not text.startswith(_PENDING):
            break
    return text


def _result(text: str) -> CallResult:
    if text.startswith("[DENIED BY USER]"):
        return CallResult(CallEnd.DENIED, text)
    if text.startswith((_EXPIRED, _PENDING)):
        return CallResult(CallEnd.EXPIRED, text)
    return CallResult(CallEnd.FAILED if text.startswith("[") else CallEnd.ALLOWED, text)
