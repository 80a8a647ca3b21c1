"""The demo's client, against real processes: one that serves, and some that do not."""

import sys
from collections.abc import Mapping
from typing import Any

import pytest

from approver.demo import rpc
from approver.demo.rpc import Client, ConnectionLost

SERVER = [sys.executable, "-m", "approver.demo.server"]
ECHO = """
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    print(json.dumps({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"message": "soon"}}), flush=True)
    print(json.dumps({"jsonrpc": "2.0", "id": "of the server", "method": "roots/list"}), flush=True)
    print(json.dumps({"jsonrpc": "2.0", "id": -1, "result": "stale"}), flush=True)
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"heard": message["method"]}}), flush=True)
"""


def ignore(notification: Mapping[str, Any]) -> None:
    """Notifications are not this test's subject."""


def test_it_shakes_hands_and_calls_a_tool() -> None:
    with Client(SERVER, ignore) as client:
        assert client.initialize("A test")["serverInfo"]["name"] == "Web Scraper (demo)"
        result = client.request("tools/call", {"name": "list_jobs", "arguments": {}})
    assert result["structuredContent"] == {"result": "[]"}


def test_notifications_are_handed_over_and_strange_messages_skipped() -> None:
    heard: list[Mapping[str, Any]] = []
    with Client([sys.executable, "-c", ECHO], heard.append) as client:
        assert client.request("anything", {}) == {"heard": "anything"}
    assert [message["params"]["message"] for message in heard] == ["soon"]


def test_an_error_reply_ends_the_story_with_its_message() -> None:
    with Client(SERVER, ignore) as client, pytest.raises(ConnectionLost, match="tools/list failed: this connection"):
        client.request("tools/list", {})


def test_a_process_that_ends_is_told() -> None:
    with (
        Client([sys.executable, "-c", "input()"], ignore) as client,
        pytest.raises(ConnectionLost, match="ended before it answered"),
    ):
        client.request("initialize", {})


def test_a_process_that_ended_is_told_when_it_is_written_to() -> None:
    with Client([sys.executable, "-c", "import sys; sys.stdin.close()"], ignore) as client:
        client._process.wait(10)
        with pytest.raises(ConnectionLost):
            client.request("initialize", {"padding": "x" * 200_000})


def test_a_process_that_does_not_answer_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rpc, "REPLY_SECONDS", 0.1)
    with (
        Client([sys.executable, "-c", "import sys; sys.stdin.read()"], ignore) as client,
        pytest.raises(ConnectionLost, match="no answer to initialize"),
    ):
        client.request("initialize", {})


def test_a_process_that_stays_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rpc, "ENDING_SECONDS", 0.2)
    with Client([sys.executable, "-c", "import time; time.sleep(600)"], ignore) as client:
        process = client._process
    assert process.returncode == -9
